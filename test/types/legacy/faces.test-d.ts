import { expectTypeOf } from 'vitest';
import { cached, circuitBreaker, compose, fallback, retryWithBackoff, timed, timeout } from '../../../src/index.js';

// What legacy mode has: methods, static methods and getters.
class Quotes {
  base = 1;

  @timed()
  @fallback((n: number) => n)
  @circuitBreaker()
  @retryWithBackoff()
  @timeout()
  async price(n: number): Promise<number> {
    return n + this.base;
  }
  @cached() sync(n: number): number {
    return n;
  }
  @cached() generic<T>(value: T): T {
    return value;
  }
  @timed() static make(n: number): Quotes {
    return Object.assign(new Quotes(), { base: n });
  }
  @cached() get double(): number {
    return this.base * 2;
  }
  @compose(timed(), timeout()) async composed(flag: boolean): Promise<boolean> {
    return flag;
  }
  @fallback('sync') answered(n: number): number {
    return n;
  }
}
const quotes = new Quotes();
expectTypeOf(quotes.price).toEqualTypeOf<(n: number) => Promise<number>>();
expectTypeOf(quotes.generic('a' as const)).toEqualTypeOf<'a'>();
expectTypeOf(Quotes.make(1)).toEqualTypeOf<Quotes>();
expectTypeOf(quotes.double).toEqualTypeOf<number>();
expectTypeOf(timeout()(async (n: number) => n)).toEqualTypeOf<(n: number) => Promise<number>>();

class Refused {
  // @ts-expect-error
  @timeout() method(n: number): number {
    return n;
  }
  // @ts-expect-error
  @timeout() static method(n: number): number {
    return n;
  }
  // @ts-expect-error
  @timeout() get getter(): number {
    return 1;
  }
  // @ts-expect-error
  @timed() property = () => 1;
  // @ts-expect-error
  parameter(@timed() n: number): number {
    return n;
  }
  // @ts-expect-error the class has no such method
  @fallback('othr') missing(n: number): number {
    return n;
  }
  // @ts-expect-error the result
  @fallback(() => 'text') result(n: number): number {
    return n;
  }
  // @ts-expect-error the key of a cache
  @cached({ key: (id: number) => String(id) }) find(id: string): string {
    return id;
  }
}
void Refused;
// @ts-expect-error a class is decorated by its methods
@timed()
class Service {}
void Service;
