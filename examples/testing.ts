import assert from 'node:assert/strict';
import { Registry, retryWithBackoff, timeout } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

// A test has a registry of its own, with a clock that it moves and chance that it knows.
const clock = new ManualClock();
const registry = new Registry({ clock, random: () => 0.5 });

let calls = 0;
const flaky = async (): Promise<string> => {
  calls++;
  if (calls < 3) throw new Error('not yet');
  return `answer ${calls}`;
};

const answer = retryWithBackoff({ baseDelayMs: 1_000, registry })(flaky)();
await clock.advance(499);
assert.equal(calls, 1); // full jitter: half of 1 000 ms is waited
await clock.advance(1);
assert.equal(calls, 2);
await clock.advance(1_000);
assert.equal(await answer, 'answer 3');

// What waits on other timers than the clock's is not moved by it: give your fake the same clock.
const slow = timeout({ ms: 100, registry })(() => new Promise<void>((resolve) => clock.setTimeout(resolve, 300)));
const timedOut = assert.rejects(slow(), { code: 'ERR_TIMEOUT' });
await clock.advance(100);
await timedOut;
await clock.advance(200); // the work itself ends

// The two times are apart: an operator may set the time of day, and no duration changes.
clock.setWallTime(Date.UTC(2030, 0, 1));
console.log(new Date(clock.wallNow()).getUTCFullYear(), clock.now()); // → 2030 1800

// Nothing is left behind: clean-up of metrics and caches ends with the registry.
await registry.close();
console.log(clock.pendingTimers); // → 0
