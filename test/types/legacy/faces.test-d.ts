import { expectTypeOf } from 'vitest';
import {
  cached,
  circuitBreaker,
  compose,
  fallback,
  resilient,
  retryWithBackoff,
  timed,
  timeout,
} from '../../../src/index.js';

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
  @compose(fallback('sync'), cached({ key: (n: number) => `${n}` })) stacked(n: number): number {
    return n;
  }
  @fallback(function (this: Quotes, n: number): number {
    return n + this.base;
  })
  placed(n: number): number {
    return n;
  }
  @fallback(function (this: typeof Quotes, n: number): Quotes {
    return this.make(n);
  })
  static placed(n: number): Quotes {
    return Quotes.make(n);
  }
  @resilient({ fallback: 'make', timed: true }) static made(n: number): Quotes {
    return Object.assign(new Quotes(), { base: n });
  }
  @resilient({ circuitBreaker: true }) get triple(): number {
    return this.base * 3;
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
  // @ts-expect-error it is called on another class
  @fallback(function (this: Quotes, n: number): number {
    return n + this.base;
  })
  elsewhere(n: number): number {
    return n;
  }
  // @ts-expect-error it is called on the class, not on an instance
  @fallback(function (this: Refused, n: number): number {
    return n;
  })
  static elsewhere(n: number): number {
    return n;
  }
  // @ts-expect-error the class has no such method
  @compose(fallback('othr'), timed()) stacked(n: number): number {
    return n;
  }
  // @ts-expect-error the class has no such method
  @resilient({ fallback: 'othr' }) resilient(n: number): number {
    return n;
  }
  // @ts-expect-error the key of a cache
  @resilient({ cached: { key: (id: number) => String(id) } }) keyed(id: string): string {
    return id;
  }
  // @ts-expect-error the result of a getter
  @compose(timed(), fallback.value('text')) get answered(): number {
    return 1;
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
