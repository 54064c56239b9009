import type { Clock } from '../base/clock.js';
import type { BatchItem, BatchProgress } from './batch-item.js';

/** Counts how far a batch is. */
export class ProgressCount {
  /** Items of the batch; undefined where nobody knows yet. */
  total: number | undefined;
  readonly #clock: Clock;
  readonly #counts = { success: 0, failed: 0, skipped: 0 };
  #carried = 0;
  #startedAt: number | undefined = undefined;
  #endedAt: number | undefined = undefined;

  constructor(clock: Clock, total: number | undefined) {
    this.#clock = clock;
    this.total = total;
  }

  start(): void {
    this.#startedAt = this.#clock.now();
  }

  /** The time that it took stands still from here. */
  end(): void {
    this.#endedAt ??= this.#clock.now();
  }

  /** Counts an item that is done with. */
  count({ status }: Pick<BatchItem<unknown>, 'status'>): void {
    this.#counts[status]++;
  }

  /** Counts an item that an earlier run of the batch has done: it says nothing of how fast this one goes. */
  carry(): void {
    this.#counts.success++;
    this.#carried++;
  }

  snapshot(): BatchProgress {
    const { success, failed, skipped } = this.#counts;
    const completed = success + failed + skipped;
    const durationMs = this.#startedAt === undefined ? 0 : (this.#endedAt ?? this.#clock.now()) - this.#startedAt;
    const ran = success + failed - this.#carried;
    const itemsPerSecond = durationMs === 0 ? 0 : (ran * 1_000) / durationMs;
    const rest = this.total === undefined ? undefined : this.total - completed;
    const total = this.total ?? null;
    return {
      total,
      completed,
      success,
      failed,
      skipped,
      durationMs,
      itemsPerSecond,
      etaMs: etaOf(rest, itemsPerSecond),
    };
  }
}

function etaOf(rest: number | undefined, itemsPerSecond: number): number | null {
  if (rest === 0) return 0;
  if (rest === undefined || itemsPerSecond === 0) return null;
  return (rest * 1_000) / itemsPerSecond;
}
