import { expect, test } from 'vitest';
import { throttle } from '../../../src/edges/throttle/index.js';
import { Registry } from '../../../src/index.js';
import { CountingClock } from '../../counting-clock.js';

test('a call that need not wait sets no timer by the registry, and reads its clock not at all', async () => {
  const clock = new CountingClock();
  const call = throttle({ maxConcurrent: 5, registry: new Registry({ clock }) })(async (value: number) => value);
  await call(0);
  [clock.reads, clock.timers] = [0, 0];
  for (let value = 0; value < 10; value++) await call(value);

  expect({ reads: clock.reads, timers: clock.timers }).toEqual({ reads: 0, timers: 0 });
});
