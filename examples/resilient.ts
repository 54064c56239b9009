import { fallbacks, policiesOf, Registry, type RetryOptions, resilient, type TimeoutOptions } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });
let isDown = false;

class Quotes {
  // In whatever order they are written, they stand in the order that works.
  @resilient({
    timeout: { ms: 2_000 },
    retry: { maxAttempts: 4, baseDelayMs: 100, jitter: 'none' },
    circuitBreaker: { name: 'quotes-api' },
    cached: { ttlMs: 5_000 },
    fallback: async (symbol: string) => `${symbol}: no price`,
    timed: true,
    registry,
  })
  async price(symbol: string): Promise<string> {
    if (isDown) throw new Error('503');
    return `${symbol}: 42`;
  }
}

const kinds = policiesOf(Quotes.prototype, 'price').map(({ kind }) => kind);
console.log(kinds.join(' → ')); // → timed → fallback → cached → retry → circuitBreaker → timeout

const quotes = new Quotes();
console.log(await quotes.price('ACME')); // → ACME: 42
isDown = true;
console.log(await quotes.price('ACME')); // → ACME: 42
const answered = quotes.price('NIX');
await clock.advance(100 + 200 + 400);
console.log(await answered); // → NIX: no price

// A preset sets timeout, retry and breaker; what stands beside it wins, option by option.
const guarded = resilient({ preset: 'production', timeout: { ms: 500 }, circuitBreaker: false, registry });
const [retry, limit] = policiesOf(guarded(async () => 'any'));
console.log(retry?.kind, (retry?.options as RetryOptions).maxAttempts); // → retry 4
console.log(limit?.kind, (limit?.options as TimeoutOptions).ms); // → timeout 500

// `fallback: true` answers with the handler that is registered under the site's name.
fallbacks.register('lastKnown', () => 'from the handler');
const lastKnown = resilient({ fallback: true })(function lastKnown(): string {
  throw new Error('gone');
});
console.log(lastKnown()); // → from the handler
