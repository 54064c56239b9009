import type { QuotesApi } from './quotes-api.js';

/** What a call came back with. */
export interface Answer {
  readonly symbol: string;
  readonly price: number | null;
  /** When the upstream's answer arrived, in ms of `performance.now()`: what comes out of a cache is older than its call. */
  readonly receivedAt: number;
  readonly source: 'upstream' | 'fallback';
}

/** An order to be placed. */
export interface Order {
  readonly id: string;
  readonly symbol: string;
}

/** The service, bare or protected. */
export interface QuoteService {
  /** The last price; much asked for, and good for a moment. */
  price(symbol: string): Promise<Answer>;
  /** The order book; never cached. */
  depth(symbol: string): Promise<Answer>;
  /** A write. */
  placeOrder(order: Order): Promise<Answer>;
}

/** The service as it is without protection. */
export class BareQuotes implements QuoteService {
  readonly #api: QuotesApi;

  constructor(api: QuotesApi) {
    this.#api = api;
  }

  async price(symbol: string): Promise<Answer> {
    return received(symbol, await this.#api.send({ kind: 'quote', symbol }));
  }

  async depth(symbol: string): Promise<Answer> {
    return received(symbol, await this.#api.send({ kind: 'depth', symbol }));
  }

  async placeOrder({ id, symbol }: Order): Promise<Answer> {
    return received(symbol, await this.#api.send({ kind: 'orders', symbol, orderId: id }));
  }
}

/** An answer that has just come from the upstream. */
export function received(symbol: string, price: number | null): Answer {
  return { symbol, price, receivedAt: performance.now(), source: 'upstream' };
}
