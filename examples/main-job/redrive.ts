import { setTimeout as sleep } from 'node:timers/promises';
import type { DeadLetterQueue } from './holdfast.js';

/** What became of the calls that were kept. */
export interface Redriven {
  readonly kept: number;
  readonly cameThrough: number;
  readonly left: number;
}

const PER_SECOND = 100;
const ROUNDS = 6;
const PAUSE_MS = 500;

/**
 * Runs the kept calls again, now that the upstream is back. A circuit that is still open ends a round; another follows
 * when the upstream has had a moment. `signal` ends it with what has come through so far.
 */
export async function redriveAll(queue: DeadLetterQueue, signal: AbortSignal): Promise<Redriven> {
  const kept = queue.size;
  for (let round = 1; round <= ROUNDS && queue.size > 0 && !signal.aborted; round++) {
    if (round > 1) await sleep(PAUSE_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) break;
    await queue.redrive({ ratePerSecond: PER_SECOND, signal, reason: 'the upstream is back', owner: 'the main job' });
  }
  return { kept, cameThrough: kept - queue.size, left: queue.size };
}
