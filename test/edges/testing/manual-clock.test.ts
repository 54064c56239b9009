import { describe, expect, test } from 'vitest';
import { ManualClock } from 'holdfast/testing';

const WALL_MS = Date.UTC(2026, 0, 1);

test('stands still until it is moved; both times go together', async () => {
  const clock = new ManualClock({ nowMs: 5, wallMs: WALL_MS });
  expect([clock.now(), clock.wallNow()]).toEqual([5, WALL_MS]);
  await clock.advance(10);

  expect([clock.now(), clock.wallNow()]).toEqual([15, WALL_MS + 10]);
});

test('the time of day may be set by itself', () => {
  const clock = new ManualClock({ wallMs: WALL_MS });
  clock.setWallTime(0);

  expect([clock.now(), clock.wallNow()]).toEqual([0, 0]);
});

describe('advance', () => {
  test('fires each timer at its own moment, in order, those of one moment as they were set', async () => {
    const clock = new ManualClock();
    const seen: string[] = [];
    for (const [name, ms] of [
      ['c', 30],
      ['a', 10],
      ['b', 10],
      ['d', 31],
    ] as const) {
      clock.setTimeout(() => seen.push(`${name}${clock.now()}`), ms);
    }
    await clock.advance(30);

    expect([seen, clock.pendingTimers]).toEqual([['a10', 'b10', 'c30'], 1]);
  });

  test('lets what a timer sets off settle before the next; what that arms counts from there', async () => {
    const clock = new ManualClock();
    const seen: number[] = [];
    const repeat = async (): Promise<void> => {
      await Promise.resolve();
      await Promise.resolve();
      seen.push(clock.now());
      clock.setTimeout(() => void repeat(), 10);
    };
    clock.setTimeout(() => void repeat(), 10);
    await clock.advance(45);

    expect([seen, clock.now()]).toEqual([[10, 20, 30, 40], 45]);
  });

  test('lets what is under way settle at the old time first', async () => {
    const clock = new ManualClock();
    let seen: number | undefined;
    void Promise.resolve().then(() => {
      seen = clock.now();
    });
    await clock.advance(100);

    expect(seen).toBe(0);
  });

  test('without waiting shows the new time at once, and has fired nothing yet', async () => {
    const clock = new ManualClock();
    let fired = false;
    clock.setTimeout(() => {
      fired = true;
    }, 50);
    const moved = clock.advance(100);
    expect([clock.now(), fired]).toEqual([100, false]);
    await moved;

    expect([clock.now(), fired]).toEqual([100, true]);
  });

  test('by 0 fires what is due, a negative delay too', async () => {
    const clock = new ManualClock();
    const seen: string[] = [];
    clock.setTimeout(() => seen.push('now'), 0);
    clock.setTimeout(() => seen.push('before'), -5);
    await clock.advance(0);

    expect([seen, clock.now()]).toEqual([['now', 'before'], 0]);
  });
});

test('a cleared timer never fires; clearing twice, or what never was, is no error', async () => {
  const clock = new ManualClock();
  let fired = false;
  const handle = clock.setTimeout(() => {
    fired = true;
  }, 10);
  clock.clearTimeout(handle);
  clock.clearTimeout(handle);
  clock.clearTimeout(undefined);
  await clock.advance(100);

  expect([fired, clock.pendingTimers]).toEqual([false, 0]);
});
