import type { BatchItem, BatchOperation } from './batch-item.js';

/** An item on its way, and what its earlier rounds came to. */
export interface Entry<In> {
  readonly item: In;
  readonly index: number;
  readonly attempts: number;
  /** What its last run has thrown, where there was one. */
  readonly error: unknown;
}

/** Runs an item when its turn comes, again when it fails: in a slot, at the pace of the batch, by its retries. */
export type RunItem = <Out>(run: () => Promise<Out>, signal: AbortSignal) => Promise<Out>;

/** Runs an item once, with its retries, and says what has come of it; it never fails itself. */
export async function runItem<In, Out>(
  { item, index, attempts: before, error: lastOfBefore }: Entry<In>,
  operation: BatchOperation<In, Out>,
  run: RunItem,
  { signal, batchId }: { signal: AbortSignal; batchId: string },
): Promise<BatchItem<Out>> {
  let attempts = before;
  let last = lastOfBefore;
  try {
    const runOnce = async (): Promise<Out> => {
      attempts++;
      try {
        return await operation(item, { index, attempt: attempts, signal, batchId });
      } catch (error) {
        last = error;
        throw error;
      }
    };
    return { index, status: 'success', value: await run(runOnce, signal), attempts };
  } catch (error) {
    if (attempts === 0) return { index, status: 'skipped', error, because: 'cancelled', attempts };
    // A cancelled wait ends with the reason of the cancellation; what went wrong with the item says more.
    return { index, status: 'failed', error: signal.aborted ? last : error, attempts };
  }
}
