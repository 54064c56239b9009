import { callContext, chaos, compose, Registry, retryWithBackoff, timeout } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });
const faults: string[] = [];
registry.on('chaos:injected', ({ site, fault }) => faults.push(`${site}: ${fault}`));

const fetchPrice = async (symbol: string): Promise<string> => `${symbol} 42, attempt ${callContext().attempt}`;

// It is off unless it is switched on: where it stands in the program, nothing happens in production.
console.log(await chaos({ errorRatio: 1, registry })(fetchPrice)('ACME')); // → ACME 42, attempt 1

// Does the retry help? Half of the attempts fail, the same ones on every run of this program.
const unreliable = chaos({ enabled: true, seed: 7, errorRatio: 0.5, registry });
const retry = retryWithBackoff({ maxAttempts: 5, baseDelayMs: 100, registry });
const answer = compose(retry, unreliable)(fetchPrice)('ACME');
await clock.advance(10_000);
console.log(await answer, faults); // → ACME 42, attempt 2 [ 'fetchPrice: error' ]

// Does the timeout hold? Every call is late.
const late = chaos({ enabled: true, latencyMs: 3_000, registry });
const slow = compose(timeout({ ms: 1_000, registry }), late)(fetchPrice);
const outcome = slow('ACME').catch((error: Error) => error.message);
await clock.advance(1_000);
console.log(await outcome); // → 'fetchPrice' did not settle within 1000 ms

// An outage of the prices alone, that begins a minute after the first call and lasts for ten seconds.
const outage = chaos({ enabled: true, errorRatio: 1, sites: ['Quotes.price'], between: [60_000, 70_000], registry });
class Quotes {
  @outage async price(symbol: string): Promise<string> {
    return `${symbol} 42`;
  }
  @outage async symbols(): Promise<string[]> {
    return ['ACME', 'NIX'];
  }
}
const quotes = new Quotes();
console.log(await quotes.price('ACME'), await quotes.symbols()); // → ACME 42 [ 'ACME', 'NIX' ]
await clock.advance(60_000);
await quotes.price('ACME').catch((error) => console.log(`${error}`)); // → ChaosError: 'Quotes.price' fails on purpose
console.log(await quotes.symbols()); // → [ 'ACME', 'NIX' ]
