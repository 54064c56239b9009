import { callContext, circuitBreaker, compose, fallback, Registry, retryWithBackoff } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });
const refused = () => Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:443'), { code: 'ECONNREFUSED' });

// A rejection explains itself: by the error that the caller got.
const price = circuitBreaker({ name: 'quotes-api', recoveryTimeoutMs: 30_000, registry })(async function price() {
  throw refused();
});
for (let call = 0; call < 5; call++) await price().catch(() => undefined);
clock.advance(12_300);
const rejection = await price().catch((error: unknown) => error);
console.log(registry.explain(rejection).text);
// → price: rejected: circuit quotes-api open since 12.3 s after 5 failures in a row, last ECONNREFUSED; next probe in 17.7 s

// A call that was answered all the same is known by its id.
let id = '';
const rate = compose(
  fallback.value(1, { registry }),
  retryWithBackoff({ maxAttempts: 3, baseDelayMs: 200, jitter: 'none', registry }),
)(async function rate(): Promise<number> {
  id = callContext().callId;
  throw refused();
});
const answer = rate();
await clock.advance(600);
console.log(await answer, registry.explain(id).text.replace(id, 'its id'));
// → 1 rate, its id:
// →   +0 ms  retried: attempt 1 failed with ECONNREFUSED; attempt 2 after 200 ms
// →   +200 ms  retried: attempt 2 failed with ECONNREFUSED; attempt 3 after 400 ms
// →   +600 ms  gave up after 3 attempts: no attempts are left, last ECONNREFUSED
// →   +600 ms  answered by the fallback: the call failed with ECONNREFUSED

// The last decisions of all calls, as data: each record has the numbers it was taken on.
const [opened, rejected] = registry.decisions({ name: 'quotes-api', kind: 'circuitBreaker' });
if (opened?.type === 'breaker:state')
  console.log(opened.from, opened.to, opened.consecutiveFailures, opened.retryAfterMs);
// → closed open 5 30000
if (rejected?.type === 'call:rejected') console.log(rejected.code, rejected.retryAfterMs, rejected.error.name);
// → ERR_CIRCUIT_OPEN 17700 CircuitOpenError

await registry.close();
