import { expectTypeOf } from 'vitest';
import {
  cached,
  callContext,
  circuitBreaker,
  compose,
  fallback,
  invalidates,
  policiesOf,
  Registry,
  retryWithBackoff,
  timed,
  timeout,
} from '../../src/index.js';

interface Quote {
  symbol: string;
  price: number | null;
}

// Every face takes what stands there, with no annotation for the policy's sake, and gives it back with its own type.
class Quotes {
  base = 1;

  @timed()
  @fallback((symbol: string) => ({ symbol, price: null }))
  @circuitBreaker()
  @retryWithBackoff()
  @timeout()
  async price(symbol: string, deep = false): Promise<Quote> {
    return { symbol, price: deep ? this.base : (callContext().attempt satisfies number) };
  }
  @timed() sync(n: number): number {
    return n + this.base;
  }
  @cached() generic<T>(value: T): T {
    return value;
  }
  @retryWithBackoff() static async make(this: typeof Quotes, n: number): Promise<Quotes> {
    return Object.assign(new this(), { base: n });
  }
  @timeout() async #secret(n: number): Promise<string> {
    return String(n + this.base);
  }
  secret(): Promise<string> {
    return this.#secret(1);
  }
  @cached() get double(): number {
    return this.base * 2;
  }
  @timeout() get later(): Promise<number> {
    return Promise.resolve(this.base);
  }
  @timeout() accessor held = async (n: number) => n * 2;
  @timeout() field = async (text: string) => text.length;
  @compose(timed(), timeout()) async composed(flag: boolean): Promise<boolean> {
    return flag;
  }
  @timed() [Symbol.iterator](): Iterator<number> {
    return [1].values();
  }
}

const quotes = new Quotes();
expectTypeOf(quotes.price).toEqualTypeOf<(symbol: string, deep?: boolean) => Promise<Quote>>();
expectTypeOf(quotes.sync(1)).toEqualTypeOf<number>();
expectTypeOf(quotes.generic('a' as const)).toEqualTypeOf<'a'>();
expectTypeOf(Quotes.make(1)).toEqualTypeOf<Promise<Quotes>>();
expectTypeOf(quotes.secret()).toEqualTypeOf<Promise<string>>();
expectTypeOf(quotes.double).toEqualTypeOf<number>();
expectTypeOf(quotes.held(1)).toEqualTypeOf<Promise<number>>();
expectTypeOf(quotes.field('a')).toEqualTypeOf<Promise<number>>();

// A wrapper has the type of the function, generics and `this` included.
const first = timed()(<T>(list: readonly T[]): T | undefined => list[0]);
expectTypeOf(first([1, 2])).toEqualTypeOf<number | undefined>();
expectTypeOf(first<string>).parameters.toEqualTypeOf<[list: readonly string[]]>();
const bound = timeout()(async function (this: Quotes, n: number) {
  return this.base + n;
});
expectTypeOf(bound).thisParameter.toEqualTypeOf<Quotes>();
expectTypeOf(bound).toEqualTypeOf<(this: Quotes, n: number) => Promise<number>>();
// @ts-expect-error `this` is asked for
void bound.call({}, 1);
const overloaded = timed()(((value: unknown) => value) as { (value: string): string; (value: number): number });
expectTypeOf(overloaded('a')).toEqualTypeOf<string>();
expectTypeOf(overloaded(1)).toEqualTypeOf<number>();
expectTypeOf(compose(timed(), timeout())(async (n: number) => n)).toEqualTypeOf<(n: number) => Promise<number>>();

// A call made once takes the arguments of its function.
expectTypeOf(timeout().execute(async (n: number, text: string) => `${n}${text}`, 1, 'a')).toEqualTypeOf<
  Promise<string>
>();
// @ts-expect-error an argument of the wrong type
void timeout().execute(async (n: number) => n, 'a');
// @ts-expect-error an argument is missing
void timeout().execute(async (n: number) => n);

// A policy tells what it is.
expectTypeOf(timeout().kind).toEqualTypeOf<'timeout'>();
expectTypeOf(timeout().options.ms).not.toBeAny();
expectTypeOf(policiesOf(quotes, 'price')[0]?.kind).toEqualTypeOf<string | undefined>();
// @ts-expect-error the options are frozen
timeout().options.ms = 5;

// @ts-expect-error the method is called as it was declared
void quotes.price(1);
// @ts-expect-error a class is decorated by its methods
@timed()
class Service {}
void Service;

// A number, a text or no callback at all reads no argument.
const registry = new Registry();
expectTypeOf(timeout({ ms: 100, grace: 'detach', registry })(async (n: number) => n)).toEqualTypeOf<
  (n: number) => Promise<number>
>();
expectTypeOf(timeout({ registry })(async (n: number) => n)).toEqualTypeOf<(n: number) => Promise<number>>();
expectTypeOf(cached({ ttlMs: 5, registry })((n: number) => n)).toEqualTypeOf<(n: number) => number>();
expectTypeOf(circuitBreaker({ name: 'quotes', registry })((n: number) => n)).toEqualTypeOf<(n: number) => number>();
expectTypeOf(invalidates({ cache: 'quotes', pattern: '*' })((n: number) => n)).toEqualTypeOf<(n: number) => number>();
const options: Parameters<typeof timeout>[0] = { ms: 5 };
expectTypeOf(timeout(options)(async (n: number) => n)).toEqualTypeOf<(n: number) => Promise<number>>();
