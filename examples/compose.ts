import { circuitBreaker, compose, fallback, policiesOf, Registry, retryWithBackoff, timed } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });

// What every call of this service goes through, in one place.
const guarded = compose(
  timed({ registry }),
  retryWithBackoff({ maxAttempts: 3, baseDelayMs: 100, jitter: 'none', registry }),
  circuitBreaker({ name: 'quotes-api', registry }),
);

class Quotes {
  answers = [new Error('reset'), 42];

  @fallback(async () => -1, { registry })
  @guarded
  async price(): Promise<number> {
    const answer = this.answers.shift();
    if (typeof answer === 'number') return answer;
    throw answer ?? new Error('no answer');
  }
}

const quotes = new Quotes();
const price = quotes.price();
await clock.advance(100);
console.log(await price); // → 42

const another = quotes.price();
await clock.advance(300);
console.log(await another); // → -1

const kinds = policiesOf(Quotes.prototype, 'price').map(({ kind }) => kind);
console.log(kinds.join(' → ')); // → fallback → timed → retry → circuitBreaker

// The same on a function.
const fetchName = async (symbol: string): Promise<string> => `${symbol} Inc.`;
console.log(await guarded(fetchName)('ACME'), guarded(fetchName).name); // → ACME Inc. fetchName
