import { describe, expect, test, vi } from 'vitest';
import { cancellationOf } from '../../src/base/cancellation.js';
import { MAX_TIMER_MS, systemClock } from '../../src/base/clock.js';
import { Housekeeping } from '../../src/base/housekeeping.js';
import { seededRandom, systemRandom } from '../../src/base/random.js';
import { wait } from '../../src/base/wait.js';
import { HoldingClock } from './holding-clock.js';

/** Whether a promise has settled, and how. */
async function stateOf(promise: Promise<unknown>): Promise<unknown> {
  return Promise.race([
    promise.then(
      () => 'resolved',
      (reason: unknown) => reason,
    ),
    Promise.resolve().then(() => Promise.resolve('pending')),
  ]);
}

describe('wait', () => {
  test('resolves when the time is over, and holds the process until then', async () => {
    const clock = new HoldingClock();
    const waiting = wait(clock, 100);
    expect(clock.holds).toBe(true);
    clock.advance(99);
    expect(await stateOf(waiting)).toBe('pending');
    clock.advance(1);

    expect(await waiting).toBeUndefined();
    expect(clock.holds).toBe(false);
  });

  test('ends at once with the reason of a cancellation, and lets the process go', async () => {
    const clock = new HoldingClock();
    const controller = new AbortController();
    const waiting = wait(clock, 100, cancellationOf(controller.signal));
    controller.abort('enough');

    await expect(waiting).rejects.toBe('enough');
    expect(clock.holds).toBe(false);
  });

  test('does not begin when it was cancelled before', async () => {
    const clock = new HoldingClock();

    await expect(wait(clock, 100, cancellationOf(AbortSignal.abort('gone')))).rejects.toBe('gone');
    expect(clock.armed).toBe(0);
  });

  test('leaves no listener behind', async () => {
    const clock = new HoldingClock();
    const { signal } = new AbortController();
    let listeners = 0;
    const counted = {
      cancelled: false,
      reason: undefined,
      onCancel(listener: (reason: unknown) => void) {
        listeners++;
        const off = cancellationOf(signal).onCancel(listener);
        return () => {
          listeners--;
          off();
        };
      },
    };
    const waiting = wait(clock, 10, counted);
    clock.advance(10);
    await waiting;

    expect(listeners).toBe(0);
  });
});

describe('housekeeping', () => {
  test('comes again and again, holds no process, and ends when it is stopped', () => {
    const clock = new HoldingClock();
    let runs = 0;
    const work = new Housekeeping(clock, 100, () => runs++);
    expect([runs, clock.holds]).toEqual([0, false]);
    clock.advance(250);
    expect([runs, clock.holds]).toEqual([2, false]);
    work.stop();
    work.stop();
    clock.advance(1_000);

    expect([runs, clock.timers.size]).toEqual([2, 0]);
  });

  test('that stops itself comes no more', () => {
    const clock = new HoldingClock();
    let runs = 0;
    const work: Housekeeping = new Housekeeping(clock, 100, () => {
      runs++;
      work.stop();
    });
    clock.advance(1_000);

    expect([runs, clock.timers.size]).toEqual([1, 0]);
  });

  test('with an interval longer than a timer can hold does not run at once', () => {
    const clock = new HoldingClock();
    const work = new Housekeeping(clock, Number.MAX_SAFE_INTEGER, () => {});

    expect(clock.delays).toEqual([MAX_TIMER_MS]);
    work.stop();
  });
});

describe('random', () => {
  test('the same seed gives the same numbers, another one others', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));

    expect(draw(42)).toEqual(draw(42));
    expect(draw(42)).not.toEqual(draw(43));
  });

  test.each([
    ['seeded', seededRandom(7)],
    ['the machine’s', systemRandom],
  ])('%s is in [0, 1) and even', (_, random) => {
    const numbers = Array.from({ length: 20_000 }, random);
    const mean = numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    // Five standard errors: 5 · √(1/12) / √20 000.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.0103);
  });
});

describe("the machine's clock under fake timers", () => {
  test('goes by them while they are there, and by its own when they are gone', () => {
    const real = systemClock.now();
    vi.useFakeTimers();
    try {
      const before = systemClock.now();
      vi.advanceTimersByTime(86_400_000);
      expect(systemClock.now() - before).toBe(86_400_000);
    } finally {
      vi.useRealTimers();
    }

    expect(systemClock.now() - real).toBeLessThan(60_000);
  });
});
