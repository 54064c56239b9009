import { expect, test } from 'vitest';
import { cancellationOf } from '../../src/base/cancellation.js';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { PacedLine } from '../../src/limits/paced-line.js';
import { RateLimiter } from '../../src/limits/rate-limiter.js';
import { outcomeOf, settled } from '../pool/world.js';

/** A line with one permit a second, which has been taken. */
function world() {
  const clock = new ManualClock();
  const limiter = new RateLimiter({ limit: 1, algorithm: 'sliding-window' }, { clock });
  const line = new PacedLine(limiter, clock);
  expect(line.take()).toBeUndefined();
  return { clock, line };
}

test('who comes too early waits, first come first served, one timer for all', async () => {
  const { clock, line } = world();
  const order: number[] = [];
  for (const id of [1, 2, 3]) void line.take()?.then(() => order.push(id));
  await settled();
  expect(clock.pendingTimers).toBe(1);

  for (const taken of [[1], [1, 2], [1, 2, 3]]) {
    await clock.advance(999);
    expect(order).toEqual(taken.slice(0, -1));
    await clock.advance(1);
    expect(order).toEqual(taken);
  }
});

test('who comes as a permit comes free stands behind those who wait', async () => {
  const { clock, line } = world();
  const first = outcomeOf(Promise.resolve(line.take()));
  await settled();
  const passing = clock.advance(1_000);
  const newcomer = outcomeOf(Promise.resolve(line.take()));
  await passing;

  expect([first.isSettled, newcomer.isSettled]).toEqual([true, false]);
});

test('who gives up leaves at once, from anywhere in line, and costs no permit', async () => {
  const { clock, line } = world();
  const [head, middle] = [new AbortController(), new AbortController()];
  const first = outcomeOf(line.take(cancellationOf(head.signal)) as Promise<void>);
  const second = outcomeOf(line.take(cancellationOf(middle.signal)) as Promise<void>);
  const third = outcomeOf(line.take() as Promise<void>);
  await settled();

  middle.abort('no more');
  await settled();
  expect([first.isSettled, second.error, third.isSettled]).toEqual([false, 'no more', false]);
  head.abort('nor I');
  await clock.advance(1_000);
  expect([first.error, third.isSettled]).toEqual(['nor I', true]);
  expect(outcomeOf(Promise.resolve(line.take())).isSettled).toBe(false);
});

test('who has given up before is turned away', async () => {
  const { line } = world();
  const gone = line.take(cancellationOf(AbortSignal.abort('gone')));

  await expect(gone).rejects.toBe('gone');
});
