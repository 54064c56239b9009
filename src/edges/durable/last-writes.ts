import { type Clock, MAX_TIMER_MS, type TimerHandle } from '../../base/clock.js';
import { wait } from '../../base/wait.js';

/** Between two tries, while somebody waits for the end. */
const PAUSE_MS = 250;

/** What is written at the end. */
export interface LastWrites {
  readonly clock: Clock;
  /** Whether anything is left. */
  isLeft: () => boolean;
  /** Writes it; rejects when that fails. */
  write: () => Promise<void>;
}

/** Writes what is left, again and again where that fails, for so long; resolves when nothing is left, or time is up. */
export async function writeLast(work: LastWrites, timeoutMs: number): Promise<void> {
  const end = { isLate: false };
  let timer: TimerHandle | undefined;
  const late = new Promise<void>((resolve) => {
    if (timeoutMs < MAX_TIMER_MS) timer = work.clock.setTimeout(resolve, timeoutMs);
  });
  await Promise.race([writeUntil(work, end), late]);
  end.isLate = true;
  if (timer !== undefined) work.clock.clearTimeout(timer);
}

async function writeUntil({ clock, isLeft, write }: LastWrites, end: { isLate: boolean }): Promise<void> {
  while (!end.isLate && isLeft()) {
    try {
      await write();
    } catch {
      // It has been told of; there may be time for another try.
      await wait(clock, PAUSE_MS);
    }
  }
}
