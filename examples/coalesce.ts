import { coalesce, Registry } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });

class Quotes {
  runs = 0;

  @coalesce({ registry })
  async price(symbol: string, options: { signal?: AbortSignal } = {}): Promise<string> {
    this.runs++;
    await new Promise<void>((resolve) => clock.setTimeout(resolve, 100));
    return `${symbol} 42${options.signal ? ', asked with a signal' : ''}`;
  }
}

const quotes = new Quotes();
const three = Promise.all([quotes.price('ACME'), quotes.price('ACME'), quotes.price('NIX')]);
await clock.advance(100);
console.log(await three, quotes.runs); // → [ 'ACME 42', 'ACME 42', 'NIX 42' ] 2

// Nothing is kept: the next call runs again.
const next = quotes.price('ACME');
await clock.advance(100);
console.log(await next, quotes.runs); // → ACME 42 3

// A caller who leaves is answered at once, and leaves the others alone.
const controller = new AbortController();
const leaving = quotes.price('ACME', { signal: controller.signal }).catch((reason) => `left: ${reason}`);
const staying = quotes.price('ACME');
controller.abort('no longer needed');
console.log(await leaving); // → left: no longer needed
await clock.advance(100);
console.log(await staying, quotes.runs); // → ACME 42, asked with a signal 4
