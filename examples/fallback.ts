import { callContext, fallback, Registry } from 'holdfast';

const registry = new Registry();

class Quotes {
  lastKnown = new Map([['ACME', 41]]);

  @fallback('remembered', { registry })
  async price(symbol: string): Promise<number> {
    throw new Error(`no answer for ${symbol}`);
  }

  async remembered(symbol: string): Promise<number> {
    const { error } = callContext(); // why it was asked
    const price = this.lastKnown.get(symbol);
    if (price === undefined) throw new Error(`never seen ${symbol}`);
    console.log(`remembered, for: ${(error as Error).message}`);
    return price;
  }
}

const quotes = new Quotes();
const price = await quotes.price('ACME'); // → remembered, for: no answer for ACME
console.log(price); // → 41

// An alternative that fails throws its own error; the first one is its cause.
const error = await quotes.price('NIX').catch((reason: Error) => reason);
console.log(`${error}, for: ${(error as Error).cause}`); // → Error: never seen NIX, for: Error: no answer for NIX

// A constant; and a handler that gets the error before the arguments.
const fail = async (symbol: string): Promise<string> => Promise.reject(new Error(`no ${symbol}`));
console.log(await fallback.value('n/a', { registry })(fail)('ACME')); // → n/a
const explained = fallback.catch((reason, symbol: string) => `${symbol}? ${(reason as Error).message}`, { registry });
console.log(await explained(fail)('ACME')); // → ACME? no ACME
