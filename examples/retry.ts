import { attemptsOf, Registry, retryWithBackoff } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });
const waits: number[] = [];
registry.on('call:retry', ({ delayMs }) => waits.push(delayMs));

class Quotes {
  failures = ['ECONNREFUSED', 'ECONNREFUSED'];

  @retryWithBackoff({ maxAttempts: 4, baseDelayMs: 200, jitter: 'none', registry })
  async price(symbol: string): Promise<string> {
    const code = this.failures.shift();
    if (code !== undefined) throw Object.assign(new Error(code), { code });
    return `${symbol} 42`;
  }
}

const quotes = new Quotes();
const price = quotes.price('ACME');
await clock.advance(600);
console.log(await price, waits); // → ACME 42 [ 200, 400 ]

// A connection that was reset is tried again at once, the first time.
quotes.failures = ['ECONNRESET'];
console.log(await quotes.price('ACME'), waits.at(-1)); // → ACME 42 0

// Four attempts, and then the error itself.
quotes.failures = ['ETIMEDOUT', 'ETIMEDOUT', 'ETIMEDOUT', 'ETIMEDOUT'];
const failure = quotes.price('ACME').catch((error: Error) => error);
await clock.advance(200 + 400 + 800);
const error = await failure;
console.log(`${error}`, attemptsOf(error)); // → Error: ETIMEDOUT 4

// What will not get better is not tried again.
const refused = Object.assign(new Error('unknown symbol'), { status: 404 });
const lookUp = retryWithBackoff({ registry })(async () => Promise.reject(refused));
console.log(attemptsOf(await lookUp().catch((reason: Error) => reason))); // → 1
