import { expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { compose } from '../../src/policies/compose.js';
import { retryWithBackoff } from '../../src/policies/retry.js';
import { timeout } from '../../src/policies/timeout.js';
import { Registry } from '../../src/registry/registry.js';
import { Door, behind } from './small-policies.js';

test('retry over timeout over a door that opens late', async () => {
  const clock = new ManualClock();
  const registry = new Registry({ clock });
  const door = new Door();
  const call = compose(
    retryWithBackoff({ registry, maxAttempts: 2, backoff: 'constant', baseDelayMs: 10, jitter: 'none' }),
    timeout({ registry, ms: 100 }),
    behind({ door, registry }),
  )(async () => 'in');
  const result = call();
  await clock.advance(101);
  door.queue[0]?.open();
  await clock.advance(20);
  door.queue[1]?.open();
  expect(await result).toBe('in');
});
