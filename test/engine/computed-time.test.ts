import { beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { Registry, timeout } from '../../src/index.js';

let clock = new ManualClock();
let registry = new Registry({ clock });

beforeEach(() => {
  clock = new ManualClock();
  registry = new Registry({ clock });
});

describe('a time that is computed', () => {
  test('gets the arguments of the call', async () => {
    const call = timeout({ ms: (ms: number) => ms, registry })((_: number) => new Promise<void>(() => {}));
    const ended = [300, 100].map((ms) => call(ms).catch((error: Error) => [error.message, clock.now()]));

    await clock.advance(300);

    const answers = (await Promise.all(ended)) as [string, number][];
    expect(answers.map(([message, at]) => [message.match(/\d+ ms/)?.[0], at])).toEqual([
      ['300 ms', 300],
      ['100 ms', 100],
    ]);
  });

  test('ends the call with what it throws', async () => {
    const wrong = new Error('no idea');
    const call = timeout({
      ms: () => {
        throw wrong;
      },
      registry,
    })(async () => {});

    await expect(call()).rejects.toBe(wrong);
  });

  test.each([Number.NaN, -1, 0, '100', undefined])('ends the call with an error when it is %o', async (ms) => {
    let runs = 0;
    const call = timeout({ ms: () => ms as number, registry })(async () => {
      runs++;
    });

    await expect(call()).rejects.toThrow(/timeout: `ms` takes a time in ms/);
    expect(runs).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });
});
