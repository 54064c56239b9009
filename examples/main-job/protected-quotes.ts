import {
  cached,
  callContext,
  circuitBreaker,
  type DeadLetterStore,
  deadLetter,
  deadline,
  fallback,
  retryWithBackoff,
  timed,
  timeout,
} from './holdfast.js';
import { type Answer, type Order, type QuoteService, received } from './quotes.js';
import type { QuotesApi } from './quotes-api.js';

/** How long a price is good for, in ms. */
export const PRICE_TTL_MS = 1_000;

/**
 * Both reads ask one service: when it is down for one, it is down for the other. There are enough of them to go by their
 * share of failures, so that a time in which retries get through does not open the circuit.
 */
const quotesBreaker = circuitBreaker({
  name: 'quotes-api',
  window: { type: 'count', size: 30 },
  failureRatio: 0.8,
  recoveryTimeoutMs: 250,
});

/** Orders are few: they go by failures in a row. */
const ordersBreaker = circuitBreaker({ name: 'orders-api', failureThreshold: 8, recoveryTimeoutMs: 250 });

const retry = retryWithBackoff({ maxAttempts: 4, baseDelayMs: 40, maxDelayMs: 400 });

/**
 * The same service, protected: what stands above a method is all that differs from the bare one.
 * @param store Where the orders that failed are kept. A decorator takes it as the class is made, and so the class is made here.
 */
export function protectedQuotes(api: QuotesApi, store: DeadLetterStore): QuoteService {
  class ProtectedQuotes implements QuoteService {
    readonly #api: QuotesApi;

    constructor(api: QuotesApi) {
      this.#api = api;
    }

    @timed()
    @fallback((symbol: string): Promise<Answer> => Promise.resolve(unknownPrice(symbol)))
    @cached({ name: 'prices', ttlMs: PRICE_TTL_MS, staleIfErrorMs: 5_000 })
    @retry
    @quotesBreaker
    @timeout({ ms: 300 })
    async price(symbol: string): Promise<Answer> {
      const { signal } = callContext();
      return received(symbol, await this.#api.send({ kind: 'quote', symbol, signal }));
    }

    @timed()
    @deadline({ ms: 1_500 })
    @retry
    @quotesBreaker
    @timeout({ ms: 300 })
    async depth(symbol: string): Promise<Answer> {
      const { signal } = callContext();
      return received(symbol, await this.#api.send({ kind: 'depth', symbol, signal }));
    }

    @timed()
    @deadLetter({ name: 'orders', store })
    @deadline({ ms: 2_000 })
    @retry
    @ordersBreaker
    @timeout({ ms: 500 })
    async placeOrder({ id, symbol }: Order): Promise<Answer> {
      const { signal } = callContext();
      return received(symbol, await this.#api.send({ kind: 'orders', symbol, orderId: id, signal }));
    }
  }
  return new ProtectedQuotes(api);
}

function unknownPrice(symbol: string): Answer {
  return { symbol, price: null, receivedAt: performance.now(), source: 'fallback' };
}
