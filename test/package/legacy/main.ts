// TypeScript with legacy decorators, as NestJS and TypeORM users compile: methods, statics and getters.
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
    if (symbol === 'DOWN' || callContext().attempt < 2) throw new Error('down');
    return { symbol, price: 42 };
  }

  @timed()
  @circuitBreaker()
  static parse(text: string): number {
    return Number(text.trim());
  }

  @timed()
  get count(): number {
    return this.runs;
  }

  // @ts-expect-error a retry waits: it takes only methods that return a promise
  @retryWithBackoff()
  sync(): number {
    return 1;
  }
}

async function main(): Promise<void> {
  const quotes = new Quotes();
  equal((await quotes.price('ACME')).price, 42);
  equal((await quotes.price('ACME')).price, 42);
  equal(quotes.count, 2);
  equal((await quotes.price('DOWN')).price, null);
  equal(Quotes.parse('12'), 12);
  equal(
    policiesOf(Quotes.prototype, 'price')
      .map((policy) => policy.kind)
      .join(),
    'timed,fallback,cached,circuitBreaker,retry,timeout',
  );
  await registry.close();
  console.log('ok');
}

function equal<T>(actual: T, expected: T): void {
  if (actual !== expected) throw new Error(`expected ${String(expected)}, got ${String(actual)}`);
}

await main();
