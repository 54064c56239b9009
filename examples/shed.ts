import { Registry, Shedder, shed } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
// Chance that everybody can foretell: a wheel of ten. A program leaves this out.
let turn = 0;
const registry = new Registry({ clock, random: () => (turn++ % 10) / 10 });

let isOverloaded = false;

class Quotes {
  @shed({ name: 'quotes-api', registry })
  async price(symbol: string): Promise<string> {
    if (isOverloaded) throw Object.assign(new Error('503'), { status: 503 });
    return `${symbol} 42`;
  }
}

const quotes = new Quotes();

/** Asks a hundred times, one after the other; counts what comes back. */
async function ask(): Promise<string> {
  const counted = { answered: 0, refused: 0, shed: 0 };
  for (let call = 0; call < 100; call++) {
    await quotes.price('ACME').then(
      () => counted.answered++,
      (error: { code?: string }) => counted[error.code === 'ERR_SHED' ? 'shed' : 'refused']++,
    );
  }
  return `${counted.answered} answered, ${counted.refused} refused, ${counted.shed} shed`;
}

console.log(await ask()); // → 100 answered, 0 refused, 0 shed

// It takes as many refusals as there were answers, until the first call is shed.
isOverloaded = true;
console.log(await ask()); // → 0 answered, 100 refused, 0 shed
console.log(await ask()); // → 0 answered, 77 refused, 23 shed
console.log(await ask()); // → 0 answered, 53 refused, 47 shed

const shedder = registry.limiters.get('quotes-api');
if (shedder instanceof Shedder) {
  const { requests, accepts, probability } = shedder.snapshot();
  console.log({ requests, accepts, probability: probability.toFixed(2) }); // → { requests: 400, accepts: 100, probability: '0.50' }
}

// What it knows is of the last two minutes; what is older counts no more.
isOverloaded = false;
console.log(await ask()); // → 49 answered, 0 refused, 51 shed
await clock.advance(120_000);
console.log(await ask()); // → 100 answered, 0 refused, 0 shed

console.log(registry.decisions({ name: 'quotes-api' }).at(-1)?.text);
// → rejected: quotes-api sheds 41.3 % of its calls: 145 of 495 were accepted in 2 min, and k is 2
