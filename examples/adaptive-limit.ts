import { AdaptiveLimit, adaptiveLimit, Registry } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });
const busy = () => Object.assign(new Error('503'), { status: 503 });

/** An API that refuses what it cannot do at once, and does less than its callers hope for. */
let running = 0;
let bears = 25;

class Quotes {
  @adaptiveLimit({ name: 'quotes-api', initial: 10, algorithm: 'aimd', registry })
  async price(symbol: string): Promise<string> {
    if (running >= bears) throw busy();
    running++;
    await new Promise<void>((resolve) => clock.setTimeout(resolve, 40));
    running--;
    return `${symbol} 42`;
  }
}

const quotes = new Quotes();
const limiter = registry.limiters.get('quotes-api');
const limit = () => (limiter instanceof AdaptiveLimit ? limiter.snapshot().limit : undefined);

/** Asks for more than there is, ten times; says how many were turned away here, and how many there. */
async function askForMuch(): Promise<string> {
  const counted = { answered: 0, ERR_BULKHEAD_FULL: 0, 503: 0 };
  for (let round = 0; round < 10; round++) {
    const calls = Array.from({ length: 50 }, () =>
      quotes.price('ACME').then(
        () => void counted.answered++,
        (error: { code?: string }) => void counted[error.code === 'ERR_BULKHEAD_FULL' ? error.code : 503]++,
      ),
    );
    await clock.advance(40);
    await Promise.all(calls);
  }
  return `${counted.answered} answered, ${counted.ERR_BULKHEAD_FULL} rejected, ${counted[503]} refused; limit ${limit()}`;
}

console.log(await askForMuch()); // → 217 answered, 257 rejected, 26 refused; limit 34
bears = 5;
console.log(await askForMuch()); // → 50 answered, 405 rejected, 45 refused; limit 7
bears = 25;
console.log(await askForMuch()); // → 199 answered, 275 rejected, 26 refused; limit 25

// Every move of the limit can be heard; and each rejection tells what it was taken on.
registry.once('limiter:limit', ({ name, from, to }) => console.log(`${name}: ${from} → ${to}`));
const calls = Array.from({ length: 60 }, () => quotes.price('ACME').catch((error: unknown) => error));
await clock.advance(40); // → quotes-api: 25 → 26
const last = (await Promise.all(calls)).at(-1);
console.log(registry.explain(last).text);
// → Quotes.price: rejected: quotes-api lets 25 calls run at once now (between 1 and 1000), and as many do
