// TypeScript with TC39 decorators: methods, statics, private members, a field, and what must not compile.
import {
  cached,
  callContext,
  circuitBreaker,
  fallback,
  policiesOf,
  registry,
  retryWithBackoff,
  timed,
  timeout,
} from 'holdfast';

interface Quote {
  symbol: string;
  price: number | null;
}

class Quotes {
  runs = 0;

  @timed()
  @fallback((symbol: string): Quote => ({ symbol, price: null }))
  @cached({ ttlMs: 5_000 })
  @circuitBreaker({ name: 'quotes-api', failureThreshold: 5 })
  @retryWithBackoff({ maxAttempts: 3, baseDelayMs: 1 })
  @timeout({ ms: 2_000 })
  async price(symbol: string): Promise<Quote> {
    this.runs++;
    const { signal, attempt } = callContext();
    if (signal.aborted || symbol === 'DOWN' || attempt < 2) throw new Error('down');
    return { symbol, price: 42 };
  }

  @timed()
  @circuitBreaker()
  static parse(text: string): number {
    return Number(text.trim());
  }

  @timeout({ ms: 1_000 })
  readonly later = async (n: number): Promise<number> => n + this.runs;

  @retryWithBackoff({ maxAttempts: 2, baseDelayMs: 1 })
  async #hidden(): Promise<number> {
    if (callContext().attempt === 1) throw new Error('flaky');
    return 7;
  }

  async hidden(): Promise<number> {
    return this.#hidden();
  }

  // @ts-expect-error a timeout waits: it takes only methods that return a promise
  @timeout({ ms: 1_000 })
  sync(): number {
    return 1;
  }
}

const quotes = new Quotes();
const quote: Quote = await quotes.price('ACME');
equal(quote.price, 42);
equal((await quotes.price('ACME')).price, 42);
equal(quotes.runs, 2);
equal((await quotes.price('DOWN')).price, null);
equal(Quotes.parse('12'), 12);
equal(await quotes.later(1), 6);
equal(await quotes.hidden(), 7);
equal(
  policiesOf(Quotes.prototype, 'price')
    .map((policy) => policy.kind)
    .join(),
  'timed,fallback,cached,circuitBreaker,retry,timeout',
);
equal(registry.breakers.get('quotes-api')?.state, 'closed');
await registry.close();
console.log('ok');

function equal<T>(actual: T, expected: T): void {
  if (actual !== expected) throw new Error(`expected ${String(expected)}, got ${String(actual)}`);
}
