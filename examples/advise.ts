import { cached, circuitBreaker, compose, deadline, hedge, Registry, retryWithBackoff, timeout } from 'holdfast';
import { examine } from 'holdfast/doctor';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });

// By the policies alone: a wrapped function is known at once, a method from its first call on.
const retry = retryWithBackoff({ maxAttempts: 3, baseDelayMs: 0, registry });
const limit = timeout({ ms: 2_000, registry });
const order = compose(retry, hedge({ delayMs: 100, registry }), retry, limit)(async function order() {});
const price = compose(deadline({ ms: 1_000, registry }), limit)(async function price() {});
for (const advice of registry.advise()) console.log(String(advice));
// → order: one call may come to 18 attempts of 2 s (3 × 2 × 3), 18.3 s in all; keep one retry, the inner one
// → price: the timeout of 2 s stands inside of a deadline of 1 s: it is never reached; make it shorter than 1 s, with room for what else stands in between

// As data: each rule has its numbers, and TypeScript knows them.
const [first] = registry.advise();
if (first?.rule === 'attempts-multiply') console.log(first.severity, first.factors, first.attempts, first.durationMs);
// → warning [ 3, 2, 3 ] 18 18300

// By what has been counted: a key that is another one each time, and a call every five seconds.
const search = cached({ maxEntries: 100, registry })(async function search(query: { text: string; at: number }) {
  return query.text;
});
for (let call = 0; call < 200; call++) await search({ text: 'hosts', at: call });
const rate = circuitBreaker({ window: { type: 'time', ms: 10_000 }, registry })(async function rate() {});
for (let call = 0; call < 12; call++) {
  await rate();
  clock.advance(5_000);
}
for (const { site, reason, proposal } of registry.advise().slice(2)) console.log(`${site}: ${reason}\n→ ${proposal}`);
// → rate: the breaker judges from 20 calls in 10 s on, and about 2 come: it will hardly ever open
// → → use a window of 3.3 min, or `failureThreshold`: failures in a row need no traffic
// → search: none of 200 lookups found anything, while the cache holds 100 values: nearly every key is a new one
// → → give `cached` a `key` of what decides the answer, without times, ids and objects made for the call

// In a test of yours: what a module exports, a class's methods without a call.
class Quotes {
  @limit
  @cached({ registry })
  async all(): Promise<string[]> {
    return [];
  }
}
const { sites, advice } = examine({ Quotes }); // examine(await import('./quotes.js'))
console.log(sites, advice.length); // → [ 'Quotes.all', 'order', 'price', 'rate', 'search' ] 4

await Promise.all([order(), price()]);
await registry.close();
