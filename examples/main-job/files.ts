import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileDeadLetterStore, MetricsManager, type Registry } from './holdfast.js';
import type { BookedCall } from './load.js';
import type { SideName } from './upstream-report.js';

/** The last records are few: a disk that does not take them in this time is out of order. */
const WRITE_WITHIN_MS = 3_000;

/** What was found on the disk, by reading it. */
export interface OnDisk {
  /** Calls that were to be recorded. */
  readonly recorded: number;
  /** Records in the files, and how many files they are. */
  readonly records: number;
  readonly files: number;
  /** Dead letters when the load had ended, and after they were replayed. */
  readonly deadLetters: number;
  readonly deadLettersLeft: number;
}

/** What the job writes: the dead letters of the protected side, and a record of each call of both. */
export class JobFiles {
  readonly deadLetters: FileDeadLetterStore;
  readonly #metrics: MetricsManager;
  readonly #metricsFolder: string;
  #recorded = 0;

  constructor(folder: string, registry: Registry) {
    this.#metricsFolder = join(folder, 'metrics');
    this.deadLetters = new FileDeadLetterStore({ path: join(folder, 'dead-letters.log') });
    this.#metrics = new MetricsManager({ storagePath: this.#metricsFolder, registry });
  }

  open(): Promise<void> {
    return this.#metrics.start();
  }

  /** Records a call; it waits for nothing. What settles after the end has no record. */
  record(side: SideName, { kind, symbol, result, durationMs, error }: BookedCall): void {
    if (!this.#metrics.stats().isRunning) return;
    this.#recorded++;
    void this.#metrics.recordOperation({
      operationType: side,
      operationName: kind,
      durationMs,
      success: result !== 'failed',
      errorMessage: error === undefined ? null : String(error),
      metadata: { symbol, result },
    });
  }

  /** How many dead letters stand in their file; what has not been written yet is written before. A lost file holds none. */
  async countDeadLetters(registry: Registry): Promise<number> {
    try {
      await registry.deadLetters.get('orders')?.flush();
      return (await this.deadLetters.load()).length;
    } catch {
      return 0;
    }
  }

  /** Writes the rest, and counts what the files hold. */
  async finish(): Promise<Pick<OnDisk, 'recorded' | 'records' | 'files'>> {
    // What could not be written is seen in the count.
    await this.#metrics.stop({ timeoutMs: WRITE_WITHIN_MS }).catch(() => {});
    const found = await readdir(this.#metricsFolder).catch(() => []);
    const names = found.filter((name) => name.endsWith('.json'));
    let records = 0;
    for (const name of names) {
      const batch = JSON.parse(await readFile(join(this.#metricsFolder, name), 'utf8')) as { records: unknown[] };
      records += batch.records.length;
    }
    return { recorded: this.#recorded, records, files: names.length };
  }
}
