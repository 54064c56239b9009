import { expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { retryWithBackoff } from '../../src/policies/retry.js';
import { timeout } from '../../src/policies/timeout.js';
import { Registry } from '../../src/registry/registry.js';

interface Settle {
  resolve(value: string): void;
  reject(error: Error): void;
}

test.each<[string, (run: Settle | undefined) => void]>([
  ['a value', (run) => run?.resolve('late')],
  ['an error', (run) => run?.reject(new Error('late'))],
])('an attempt that gives %s after its time does not answer for the attempt that runs now', async (_, settle) => {
  const clock = new ManualClock();
  const registry = new Registry({ clock });
  const runs: Settle[] = [];
  const work = (): Promise<string> => new Promise((resolve, reject) => runs.push({ resolve, reject }));
  const call = retryWithBackoff({ registry, maxAttempts: 2, backoff: 'constant', baseDelayMs: 1, jitter: 'none' })(
    timeout({ registry, ms: 100 })(work),
  );

  const result = call();
  await clock.advance(101);
  settle(runs[0]);
  await clock.advance(1);
  runs[1]?.resolve('in time');

  await expect(result).resolves.toBe('in time');
});
