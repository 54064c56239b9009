import { seededRandom } from './seeded.js';

/** One call that both sides have to make. */
export interface Arrival {
  /** When, in ms from the beginning of the load. */
  readonly atMs: number;
  readonly kind: 'price' | 'depth' | 'order';
  readonly symbol: string;
  /** Counts the calls from 1; an order bears it. */
  readonly serial: number;
}

/** From the most asked for to the least. */
const SYMBOLS = 'AAPL MSFT NVDA AMZN GOOG META TSLA NFLX INTC AMD ORCL IBM CSCO ADBE QCOM TXN'.split(' ');
const PRICE_SHARE = 0.7;
const DEPTH_SHARE = 0.2;

/**
 * The calls of a seed, without end: they come by chance at `perSecond` on average (exponential gaps), and a few symbols
 * are asked for most (Zipf). `kinds` leaves the orders out where nothing may be written.
 */
export function* demand(seed: number, perSecond: number, kinds: 'all' | 'reads'): Generator<Arrival, never> {
  const random = seededRandom(seed ^ 0x5eed);
  const weights = SYMBOLS.map((_, rank) => 1 / (rank + 1));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let atMs = 0;
  for (let serial = 1; ; serial++) {
    atMs += (-Math.log(1 - random()) * 1_000) / perSecond;
    const kind = kindAt(random());
    const symbol = pick(weights, random() * whole);
    yield { atMs, kind: kind === 'order' && kinds === 'reads' ? 'depth' : kind, symbol, serial };
  }
}

function kindAt(share: number): Arrival['kind'] {
  if (share < PRICE_SHARE) return 'price';
  return share < PRICE_SHARE + DEPTH_SHARE ? 'depth' : 'order';
}

function pick(weights: readonly number[], at: number): string {
  let left = at;
  const index = weights.findIndex((weight) => (left -= weight) < 0);
  return SYMBOLS[index] ?? 'AAPL';
}
