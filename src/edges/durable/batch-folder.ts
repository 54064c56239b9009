import { access, mkdir, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { batchFileOf, batchIdOf, batchText, isTemporary, type Micros, writtenAt } from './batch-file.js';
import type { OperationRecord } from './operation.js';
import { syncFolder, writeWhole } from './whole-file.js';

/** What a process leaves behind when it ends while it writes; younger than this, another may be writing it now. */
const ABANDONED_MS = 3_600_000;

/** The folder of batch files. */
export class BatchFolder {
  readonly path: string;
  #lastMicros: Micros = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** Makes it where it is missing. */
  async make(): Promise<void> {
    await mkdir(this.path, { recursive: true });
  }

  /** Writes a batch, under the moment or the next that no file has; gives the file's name. */
  async write(records: readonly OperationRecord[], micros: Micros): Promise<string> {
    const { batchId, at } = await this.#freeId(micros);
    const file = batchFileOf(batchId);
    const text = batchText(records, batchId, at);
    const write = () => writeWhole(join(this.path, file), text);
    await write().catch(async (error: unknown) => {
      if (!isMissing(error)) throw error;
      await this.make();
      await write();
    });
    return file;
  }

  /** Removes the files whose names are of a time; gives how many. A folder that is not there has none. */
  async remove(isOfTime: (writtenAtMs: number) => boolean): Promise<number> {
    const files = await this.#files();
    const gone = files.filter((file) => {
      const at = writtenAt(file);
      return at !== undefined && isOfTime(at);
    });
    for (const file of gone) await unlink(join(this.path, file));
    if (gone.length > 0) await syncFolder(this.path);
    return gone.length;
  }

  /** Removes what processes have left behind that ended while they wrote. */
  async removeAbandoned(wallMs: number): Promise<void> {
    for (const file of (await this.#files()).filter(isTemporary)) {
      const path = join(this.path, file);
      const { mtimeMs } = await stat(path);
      if (wallMs - mtimeMs > ABANDONED_MS) await unlink(path);
    }
  }

  async #files(): Promise<string[]> {
    try {
      return await readdir(this.path);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  /** Renaming would write over a file of another process that has chosen the same microsecond. */
  async #freeId(micros: Micros): Promise<{ batchId: string; at: Micros }> {
    for (let at = Math.max(micros, this.#lastMicros + 1); ; at++) {
      this.#lastMicros = at;
      const batchId = batchIdOf(at);
      if (!(await exists(join(this.path, batchFileOf(batchId))))) return { batchId, at };
    }
  }
}

function isMissing(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'ENOENT';
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
