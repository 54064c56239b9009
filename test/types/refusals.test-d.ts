import {
  adaptiveLimit,
  bulkhead,
  cached,
  circuitBreaker,
  compose,
  deadline,
  definePolicy,
  fallback,
  invalidates,
  rateLimit,
  resilient,
  retryWithBackoff,
  shed,
  timed,
  timeout,
} from '../../src/index.js';
import { throttle } from '../../src/edges/throttle/index.js';
import type { AsyncFunction } from '../../src/engine/any-function.js';

// A policy that waits takes only what gives a promise, on every face.
// @ts-expect-error
timeout()((n: number) => n);
// @ts-expect-error
deadline({ ms: 5 })((n: number) => n);
// @ts-expect-error
retryWithBackoff()((n: number) => n);
// @ts-expect-error
throttle({ maxConcurrent: 1 })((n: number) => n);
// @ts-expect-error
throttle({ maxConcurrent: 1 }).execute((n: number) => n, 1);
// @ts-expect-error one of them waits
resilient({ throttle: throttle({ maxConcurrent: 1 }) })((n: number) => n);
// @ts-expect-error a policy only
resilient({ throttle: { maxConcurrent: 1 } });
// @ts-expect-error one of them waits
compose(timed(), retryWithBackoff())((n: number) => n);
// @ts-expect-error one of them waits
compose(timed(), compose(timeout(), timed()))((n: number) => n);
// @ts-expect-error
timeout().execute((n: number) => n, 1);
// @ts-expect-error a store may be far away
cached({ store: {} as never, scope: 'class' })((n: number) => n);
const waiting = definePolicy<'waiting', Record<never, never>, AsyncFunction>({
  kind: 'waiting',
  summary: '',
  options: {},
  waits: true,
  bind: () => ({}),
});
// @ts-expect-error a policy of one's own too
waiting()((n: number) => n);

class Sync {
  // @ts-expect-error
  @timeout() method(n: number): number {
    return n;
  }
  // @ts-expect-error
  @timeout() static method(n: number): number {
    return n;
  }
  // @ts-expect-error
  @timeout() #method(n: number): number {
    return n;
  }
  // @ts-expect-error
  @timeout() get getter(): number {
    return this.#method(1);
  }
  // @ts-expect-error
  @timeout() accessor held = (n: number) => n;
  // @ts-expect-error
  @timeout() field = (n: number) => n;
  // @ts-expect-error one of them waits
  @compose(timed(), timeout()) composed(n: number): number {
    return n;
  }
}
void Sync;

// What holds no function has nothing to decorate.
class Values {
  // @ts-expect-error
  @timed() field = 5;
  // @ts-expect-error
  @timed() accessor held = 'text';
  // @ts-expect-error
  @timed() set setter(_: number) {}
}
void Values;
// @ts-expect-error
timed()(5);
// @ts-expect-error a policy is put on something by calling it, not by its factory
timed(async () => 1);

// A fallback has the shape of what it answers for.
// @ts-expect-error the result
fallback(() => 'text')((n: number) => n);
// @ts-expect-error the result of the promise
fallback(async () => 'text')(async (n: number) => n);
// @ts-expect-error a promise for a function that gives its value at once
fallback(async () => 1)((n: number) => n);
// @ts-expect-error the arguments
fallback((text: string) => text.length)((n: number) => n);
// @ts-expect-error the constant
fallback.value('text')((n: number) => n);
// @ts-expect-error the arguments after the error
fallback.catch((_error, text: string) => text.length)((n: number) => n);
// @ts-expect-error neither a function nor a name
fallback(null);

class Answered {
  other(n: number): number {
    return n;
  }
  wrong(text: string): string {
    return text;
  }
  @fallback('other') right(n: number): number {
    return n;
  }
  // @ts-expect-error the class has no such method
  @fallback('othr') missing(n: number): number {
    return n;
  }
  // @ts-expect-error the method has another shape
  @fallback('wrong') shape(n: number): number {
    return n;
  }
  // @ts-expect-error the result
  @fallback(() => 'text') result(n: number): number {
    return n;
  }
}
void Answered;

// It is called on what the function is called on.
class Elsewhere {
  readonly base = 'https://example.org';
}
class Placed<Item> {
  readonly url = 'https://example.com';
  readonly items: Item[] = [];
  private readonly hidden = 1;

  @fallback(function (this: Placed<unknown>, n: number): number {
    return n + this.hidden + this.items.length;
  })
  own(n: number): number {
    return n;
  }
  @fallback(function (this: { readonly url: string }, n: number): number {
    return n + this.url.length;
  })
  likeness(n: number) {
    return n;
  }
  @fallback(function (this: void, n: number): number {
    return n;
  })
  nothing(n: number): number {
    return n;
  }
  @fallback(function (this: typeof Placed, n: number): number {
    return n + this.made;
  })
  static make(n: number): number {
    return n;
  }
  static made = 0;
  @compose(
    fallback(function (this: Placed<unknown>, n: number): number {
      return n;
    }),
  )
  field = (n: number): number => n;
  // @ts-expect-error another class
  @fallback(function (this: Elsewhere, n: number): number {
    return n + this.base.length;
  })
  other(n: number): number {
    return n;
  }
  // @ts-expect-error another class, in a stack
  @compose(
    fallback(function (this: Elsewhere, n: number): number {
      return n + this.base.length;
    }),
  )
  stacked(n: number): number {
    return n;
  }
  // @ts-expect-error the instance, for a static
  @fallback(function (this: Placed<unknown>, n: number): number {
    return n;
  })
  static other(n: number): number {
    return n;
  }
  // @ts-expect-error another class
  @fallback(function (this: Elsewhere): number {
    return this.base.length;
  })
  get read(): number {
    return 1;
  }
}
const onElsewhere = fallback(function (this: Elsewhere, n: number): number {
  return n + this.base.length;
});
onElsewhere((n: number) => n);
onElsewhere(function (this: Elsewhere, n: number) {
  return n;
});
void resilient({ fallback: onElsewhere })((n: number) => n);
// @ts-expect-error another class
onElsewhere(function (this: Placed<string>, n: number) {
  return n;
});
class Sub extends Placed<string> {
  @fallback(function (this: Placed<string>, n: number): number {
    return n;
  })
  more(n: number): number {
    return n;
  }
}
void Sub;

// What takes the arguments of the call is checked against the function.
// @ts-expect-error the key of a cache
cached({ key: (host: { id: string }) => host.id })((n: number) => n);
class Hosts {
  // @ts-expect-error the key of a cache
  @cached({ key: (id: number) => String(id) }) find(id: string): string {
    return id;
  }
  // @ts-expect-error the key of a breaker
  @circuitBreaker({ key: (id: number) => String(id) }) async call(id: string): Promise<string> {
    return id;
  }
  // @ts-expect-error the pattern
  @invalidates({ cache: 'hosts', pattern: (id: number) => `${id}` }) async rename(id: string): Promise<string> {
    return id;
  }
  // @ts-expect-error the time
  @timeout({ ms: (ms: number) => ms }) async computed(text: string): Promise<string> {
    return text;
  }
  @cached({ key: (id: string) => id }) right(id: string, _deep?: boolean): string {
    return id;
  }
}
void Hosts;
// @ts-expect-error a key is a text
cached({ key: (n: number) => n });

// @ts-expect-error the key of a limit
rateLimit({ limit: 5, key: (host: { id: string }) => host.id })((n: number) => n);
// @ts-expect-error a queue
bulkhead({ maxQueue: 5 })((n: number) => n);
// @ts-expect-error a retry waits
resilient({ retry: true })((n: number) => n);
// @ts-expect-error a preset waits
resilient({ preset: 'production' })((n: number) => n);
// @ts-expect-error a queue waits
resilient({ bulkhead: { maxQueue: 5 } })((n: number) => n);
resilient({ circuitBreaker: true, timed: true })((n: number) => n);
bulkhead()((n: number) => n);
const limited: (n: number) => number = adaptiveLimit({ max: 5 })((n: number) => n);
const shedding: (n: number) => number = shed({ k: 3 })((n: number) => n);
void [limited, shedding];
resilient({ shed: true })((n: number) => n);
resilient({ adaptiveLimit: { algorithm: 'aimd' } })((n: number) => n);

// Options are known by name and type.
// @ts-expect-error
timeout({ mss: 5 });
// @ts-expect-error
timeout({ ms: '5' });
// @ts-expect-error
timeout({ ms: 5, grace: 'kill' });
// @ts-expect-error
deadline();
// @ts-expect-error
deadline({});
// @ts-expect-error
retryWithBackoff({ maxRetries: 3 });
// @ts-expect-error
retryWithBackoff({ backoff: 'quadratic' });
// @ts-expect-error
circuitBreaker({ treshold: 3 });
// @ts-expect-error
cached({ ttl: 5 });
// @ts-expect-error
adaptiveLimit({ algorithm: 'vegas' });
// @ts-expect-error
adaptiveLimit({ maximum: 5 });
// @ts-expect-error
shed({ k: '2' });
// @ts-expect-error
timed({ registry: 'shared' });
