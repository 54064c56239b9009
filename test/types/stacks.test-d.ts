import { expectTypeOf } from 'vitest';
import type { HoldfastService } from '../../src/edges/nest/index.js';
import {
  type AnyPolicy,
  type AsyncFunction,
  batched,
  type BulkheadOptions,
  bulkhead,
  cached,
  type CachedOptions,
  type CacheStore,
  chaos,
  circuitBreaker,
  coalesce,
  type CircuitBreakerOptions,
  compose,
  type ComposeOptions,
  deadline,
  deadLetter,
  definePolicy,
  fallback,
  hedge,
  invalidates,
  type Policy,
  protect,
  rateLimit,
  Registry,
  resilient,
  type ResilientOptions,
  type RetryOptions,
  retryWithBackoff,
  timed,
  timeout,
} from '../../src/index.js';

// What a policy demands of a function it demands in a stack as well, of `compose` or of `resilient`.

const sync = (n: number): number => n;
const later = async (n: number): Promise<number> => n;
const bulk = async (items: number[]): Promise<string[]> => items.map(String);
const text = async (given: string): Promise<string> => given;
declare const sometimes: boolean;
declare const anyPolicies: AnyPolicy[];
declare const anyOptions: ResilientOptions;
declare const cacheOptions: CachedOptions;
declare const bulkheadOptions: BulkheadOptions;
declare const store: CacheStore;
const guards = [timed(), circuitBreaker()];
const waiting = [timed(), timeout()];
const registry = new Registry();

// Where they fit, nothing is to be written, and a function keeps its type.
expectTypeOf(compose(timed(), fallback(sync))(sync)).toEqualTypeOf<(n: number) => number>();
expectTypeOf(
  compose(
    fallback(async () => 1),
    retryWithBackoff(),
  )(later),
).toEqualTypeOf<(n: number) => Promise<number>>();
expectTypeOf(compose(cached({ key: (n: number) => `${n}` }), timed())(sync)).toEqualTypeOf<(n: number) => number>();
expectTypeOf(compose(compose(fallback(sync)), timed())(sync)).toEqualTypeOf<(n: number) => number>();
expectTypeOf(compose(timed(), cached())(<T>(value: T): T => value)('a' as const)).toEqualTypeOf<'a'>();
[later, later].map((fn) => compose(timed(), timeout())(fn));
expectTypeOf(compose(timed(), fallback(later)).execute(later, 1)).toEqualTypeOf<Promise<number>>();
compose(...guards)(sync);
compose(...anyPolicies)(later);
compose(bulkhead({ maxConcurrent: 5 }), rateLimit({ limit: 5 }), deadLetter(), chaos(), coalesce())(sync);
compose(batched(), timed())(bulk);
compose(
  cached({ cacheIf: (value: number) => value > 0 }),
  circuitBreaker({ isFailureResult: (value: number) => value < 0 }),
  retryWithBackoff({ retryIfResult: (value: number, attempt) => value < attempt }),
)(later);
const mine = definePolicy<'mine', object>({ kind: 'mine', summary: '', options: {}, bind: () => ({}) });
compose(mine(), resilient({ timed: true }))(sync);

expectTypeOf(resilient({ timed: true, circuitBreaker: sometimes, registry })(sync)).toEqualTypeOf<
  (n: number) => number
>();
resilient({ fallback: sync, cached: { key: (n: number) => `${n}`, cacheIf: (n: number) => n > 0 } })(sync);
resilient({ fallback: fallback(sync), timed: timed(), rateLimit: rateLimit({ limit: 5 }) })(sync);
resilient({ retry: sometimes, timeout: { ms: (n: number) => n }, fallback: sync })(later);
resilient({ preset: 'production', retry: false, timeout: false })(sync);
resilient({ bulkhead: { maxQueue: 0 }, chaos: { latencyMs: 0 }, cached: { ttlMs: 5 } })(sync);
resilient({ batched: { maxSize: 5, key: (_: number[]) => 'one' } })(bulk);
resilient(anyOptions)(later);
resilient({ ...anyOptions, timed: true })(later);
resilient({ cached: cacheOptions })(later);
resilient(sometimes ? { timed: true } : { fallback: sync })(sync);
resilient({ deadline: deadline({ ms: 5 }), retry: retryWithBackoff(), hedge: hedge(), timeout: timeout() })(later);
resilient({ fallback: true })(sync);
resilient({ timeout: timeout({ ms: (n: number) => n }) })(later);

// Whoever waits, or may wait, needs a promise.
// @ts-expect-error a switch may be on
resilient({ retry: sometimes })(sync);
// @ts-expect-error a switch may be on
resilient({ timed: true, hedge: sometimes ? { delayMs: 5 } : false })(sync);
// @ts-expect-error options that may be anything
resilient(anyOptions)(sync);
// @ts-expect-error options that may be anything, and more
resilient({ ...anyOptions, timed: true })(sync);
// @ts-expect-error one of two
resilient(sometimes ? { timed: true } : { retry: true })(sync);
// @ts-expect-error a preset has a timeout
resilient({ preset: 'production', retry: false })(sync);
// @ts-expect-error a queue may be among them
resilient({ bulkhead: bulkheadOptions })(sync);
// @ts-expect-error a store may be among them
resilient({ cached: cacheOptions })(sync);
// @ts-expect-error a store
resilient({ cached: { store, scope: 'class' } })(sync);
// @ts-expect-error a delay
resilient({ chaos: { latencyMs: 5 } })(sync);
// @ts-expect-error a policy that waits
resilient({ bulkhead: bulkhead({ maxQueue: 5 }) })(sync);
// @ts-expect-error policies that may be any
compose(...anyPolicies)(sync);
// @ts-expect-error one of them waits
compose(...waiting)(sync);
// @ts-expect-error a list
resilient({ batched: true })(later);
// @ts-expect-error a list
compose(timed(), batched())(later);

// A fallback answers as the function does.
const answersText = fallback(() => 'text');
// @ts-expect-error the result
compose(answersText, timed())(sync);
// @ts-expect-error the result of one of two
compose(fallback(sometimes ? () => 'text' : sync))(sync);
// @ts-expect-error the result, wherever it stands
compose(timed(), compose(timed(), fallback.value('text')))(sync);
// @ts-expect-error the arguments
compose(fallback((given: string) => given.length))(sync);
// @ts-expect-error a promise for a function that gives its value at once
compose(fallback(later), timed())(sync);
// @ts-expect-error the result
resilient({ fallback: () => 'text' })(sync);
// @ts-expect-error the result of one of two
resilient({ fallback: sometimes ? () => 'text' : sync })(sync);
// @ts-expect-error the arguments
resilient({ fallback: (given: string) => given.length, timed: true })(sync);
// @ts-expect-error the result of a policy's
resilient({ fallback: fallback.value('text') })(sync);
// @ts-expect-error a call made once
void compose(fallback(text)).execute(later, 1);

// A callback takes what the function takes, or gives.
// @ts-expect-error a key
compose(cached({ key: (given: string) => given }), timed())(sync);
// @ts-expect-error the second argument of a key
compose(cached({ key: (_: unknown, given: string) => given }))((n: number, times: number) => n * times);
// @ts-expect-error a time
compose(timed(), timeout({ ms: (given: string) => given.length }))(later);
// @ts-expect-error a pattern
compose(invalidates({ cache: 'c', pattern: (given: string) => given }))(sync);
// @ts-expect-error a value
compose(timed(), cached({ cacheIf: (value: string) => value !== '' }))(sync);
// @ts-expect-error the value of a promise
compose(timed(), retryWithBackoff({ retryIfResult: (value: string) => value === '' }))(later);
// @ts-expect-error the key of a cache
resilient({ cached: { key: (given: string) => given } })(sync);
// @ts-expect-error the key of a limit
resilient({ rateLimit: { limit: 5, key: (given: string) => given } })(sync);
// @ts-expect-error the key of a breaker
resilient({ circuitBreaker: { key: (given: string) => given } })(sync);
// @ts-expect-error the key of those who share a run
resilient({ coalesce: { key: (given: string) => given } })(sync);
// @ts-expect-error the key of a batch
resilient({ batched: { key: (given: string[]) => `${given[0]}` } })(bulk);
// @ts-expect-error a time
resilient({ timeout: { ms: (given: string) => given.length } })(later);
// @ts-expect-error a value that is kept
resilient({ cached: { cacheIf: (value: string) => value !== '' } })(sync);
// @ts-expect-error a value that is a failure
resilient({ circuitBreaker: { isFailureResult: (value: string) => value === '' } })(later);
// @ts-expect-error a value that is retried
resilient({ retry: { retryIfResult: (value: string) => value === '' } })(later);
// @ts-expect-error no errors of one's own choice: anything may be thrown
resilient({ fallback: fallback(sync, { when: (error: TypeError) => error.message === '' }) });

// A part takes a policy of its own kind.
// @ts-expect-error a retry is no timeout
resilient({ timeout: retryWithBackoff() });
// @ts-expect-error nor a cache what measures
resilient({ cached: timed() });
// @ts-expect-error a policy, which is a function too, is no alternative
resilient({ fallback: retryWithBackoff() });
// @ts-expect-error no policy to shape with
resilient({ throttle: timed() });
// @ts-expect-error several
resilient({ retry: compose(retryWithBackoff(), timeout()) });

// The same on the members of a class.
class Members {
  spare(n: number): number {
    return n;
  }
  other(given: string): string {
    return given;
  }
  @compose(fallback('spare'), timed()) right(n: number): number {
    return n;
  }
  @resilient({ fallback: 'spare', cached: { key: (n: number) => `${n}` } }) alsoRight(n: number): number {
    return n;
  }
  @resilient({ fallback: 'make' }) static made(n: number): Members | undefined {
    return n > 0 ? new Members() : undefined;
  }
  static make(_: number): Members {
    return new Members();
  }
  @compose(timed(), retryWithBackoff()) async #secret(given: string): Promise<string> {
    return given;
  }
  @compose(timed(), cached()) get size(): number {
    return this.#secret.length;
  }
  @compose(timed(), fallback.value(0)) accessor held = (n: number): number => n;
  @resilient({ timed: true, fallback: sync }) field = (n: number): number => n;

  // @ts-expect-error the class has no such method
  @compose(fallback('nope'), timed()) missing(n: number): number {
    return n;
  }
  // @ts-expect-error the class has no such method
  @resilient({ fallback: 'zzz' }) alsoMissing(n: number): number {
    return n;
  }
  // @ts-expect-error no such static
  @resilient({ fallback: 'spare' }) static notThere(n: number): number {
    return n;
  }
  // @ts-expect-error a method of another shape
  @compose(fallback('other'), timed()) shaped(n: number): number {
    return n;
  }
  // @ts-expect-error the result of a getter
  @compose(fallback.value('text')) get wrong(): number {
    return 1;
  }
  // @ts-expect-error a getter that does not wait
  @resilient({ retry: sometimes }) get waits(): number {
    return 1;
  }
  // @ts-expect-error a key
  @compose(timed(), cached({ key: (given: string) => given })) keyed(n: number): number {
    return n;
  }
  // @ts-expect-error an accessor
  @compose(timed(), fallback.value('text')) accessor wrongHeld = (n: number): number => n;
  // @ts-expect-error a field
  @resilient({ fallback: text }) wrongField = (n: number): number => n;
}
expectTypeOf(new Members().right).toEqualTypeOf<(n: number) => number>();
expectTypeOf(new Members().size).toEqualTypeOf<number>();
expectTypeOf(new Members().held(1)).toEqualTypeOf<number>();

// And on those of an object that is protected.
declare const client: { count(n: number): number; send(given: string): Promise<string>; spare(given: string): string };
protect(client, { send: compose(fallback('spare'), timeout()), count: compose(timed(), fallback.value(1)) });
protect(client, { send: resilient({ fallback: 'spare', retry: true }) });
// @ts-expect-error no such method
protect(client, { send: compose(fallback('nope'), timeout()) });
// @ts-expect-error no such method
protect(client, { send: resilient({ fallback: 'nope' }) });
// @ts-expect-error a key
protect(client, { count: compose(cached({ key: (given: string) => given })) });
// @ts-expect-error a switch may be on
protect(client, { count: resilient({ retry: sometimes }) });

// And of the service that a module provides.
declare const holdfast: HoldfastService;
expectTypeOf(holdfast.resilient({ fallback: later })(later)).toEqualTypeOf<(n: number) => Promise<number>>();
holdfast.resilient()(later);
holdfast.resilient(anyOptions)(later);
// @ts-expect-error its preset may have a timeout
holdfast.resilient()(sync);
// @ts-expect-error the result
holdfast.resilient({ fallback: () => 'text' })(later);

// A stack tells what it is.
expectTypeOf(compose(timed()).kind).toEqualTypeOf<'compose'>();
expectTypeOf(compose(timed()).options.policies).toEqualTypeOf<readonly AnyPolicy[]>();
expectTypeOf(resilient({ timed: true }).options.timed).not.toBeAny();
// @ts-expect-error the options are frozen
resilient({ timed: true }).options.timed = false;

// Where no callback has to be looked at, it is a policy like any other.
export const asPolicy: Policy<'compose', ComposeOptions, AsyncFunction> = compose(
  timed(),
  timeout(),
  retryWithBackoff(),
  cached({ ttlMs: 5 }),
  circuitBreaker(),
);
export const asRetry: Policy<'retry', RetryOptions, AsyncFunction> = retryWithBackoff({ maxAttempts: 5 });
export const asResilient: Policy<'resilient', ResilientOptions, AsyncFunction> = resilient({
  preset: 'production',
  cached: true,
  circuitBreaker: { name: 'api' },
});
const retryOptions: RetryOptions = {};
const breakerOptions: CircuitBreakerOptions = {};
compose(
  retryWithBackoff(retryOptions),
  circuitBreaker(breakerOptions),
  rateLimit({ limit: 5, key: () => 'one' }),
)(later);

// Callbacks of single policies, too, take the function's value.
cached({ cacheIf: (value) => value !== null })(later);
cached(cacheOptions)(later);
circuitBreaker({ key: (given: string) => given, isFailureResult: (value: number) => value < 0 })(
  (given: string) => given.length,
);
// @ts-expect-error
cached({ cacheIf: (value: string) => value !== '' })(later);
// @ts-expect-error
circuitBreaker({ isFailureResult: (value: string) => value === '' })(sync);
retryWithBackoff({
  // @ts-expect-error what it is given is not known
  retryIfResult: (value) => value > 5,
});
retryWithBackoff({ retryIfResult: (value) => value === undefined })(later);
// @ts-expect-error
retryWithBackoff({ retryIfResult: (value: string) => value === '' })(later);

// A constant answers for what may be changed, such as a list.
interface Page {
  items: string[];
  state: 'full' | 'empty';
}
fallback.value([])(async (): Promise<string[]> => ['a']);
fallback.value([0])((n: number): number[] => [n]);
fallback.value({ items: [], state: 'empty' })((): Page => ({ items: ['a'], state: 'full' }));
fallback.value('full')((): Page['state'] => 'empty');
fallback.value(null)((): string | null => 'a');
fallback.value(undefined)((): void => {});
fallback.value(new Map<string, number>())(() => new Map<string, number>());
fallback.value(sync)(() => sync);
// @ts-expect-error a list that must not be changed
fallback.value([] as readonly string[])((): string[] => []);
// @ts-expect-error other items
fallback.value(['a'])((n: number): number[] => [n]);
// @ts-expect-error another state
fallback.value({ items: [], state: 'half' })((): Page => ({ items: [], state: 'full' }));

// In a generic class what is said to be anything is taken: with a type parameter nothing can be compared.
export class Repository<Item extends { id: string }> {
  @fallback.value<any>(null) async find(_id: string): Promise<Item | null> {
    return null;
  }
  @fallback((_id: string): any => undefined) async seek(_id: string): Promise<Item | undefined> {
    return undefined;
  }
  @cached({ key: (item: any): string => String(item) }) async rank(_item: Item): Promise<number> {
    return 1;
  }
}
