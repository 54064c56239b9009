import { describe, expect, test } from 'vitest';
import { callContext, circuitBreaker, compose, fallback, retryWithBackoff, timeout } from '../../src/index.js';
import { failing, failureOf, hanging, http, WALL_MS, world } from './world.js';

const down = async (_name?: string): Promise<string> => {
  throw new Error('down');
};

describe('events and counts', () => {
  test('an answer is told with the error and the call, and counted', async () => {
    const { own, registry, hear } = world();
    const heard = hear('call:fallback');
    const error = new Error('down');

    await fallback.value('spare', own)(failing(1, () => error).fn)();

    const source = { kind: 'fallback', name: 'fn', site: 'fn', callId: expect.any(String) };
    expect(heard).toEqual([{ type: 'call:fallback', ...source, at: WALL_MS, error, severity: 'recoverable' }]);
    expect(registry.calls.snapshot()['fn']).toMatchObject({ answered: 1 });
  });

  test('a success costs no event and no count', async () => {
    const { own, registry, hear } = world();
    const heard = hear('call:fallback');
    await fallback.value('spare', own)(failing(0).fn)();

    expect([heard, registry.metrics.names()]).toEqual([[], []]);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('handler');
      },
    ],
    ['rejects', () => Promise.reject(new Error('handler'))],
  ])('a handler that %s has not answered', async (_, handler) => {
    const { own, registry, hear } = world();
    const heard = hear('call:fallback');

    await failureOf(fallback(handler as () => Promise<string>, own)(down));

    expect(heard).toEqual([]);
    expect(registry.calls.snapshot()['down']?.answered ?? 0).toBe(0);
  });
});

describe('what is answered', () => {
  test.each<[string, unknown]>([
    ['an error', new Error('down')],
    ['a permanent error', http(404)],
    ['a programming error', new TypeError('x')],
    ['a text', 'down'],
    ['undefined', undefined],
  ])('%s', async (_, error) => {
    const { own } = world();

    expect(await fallback.value('spare', own)(() => Promise.reject<string>(error))()).toBe('spare');
  });

  test("the toolkit's rejections", async () => {
    const { own, registry } = world();
    const call = compose(fallback.value('spare', own), circuitBreaker({ name: 'api', ...own }))(failing(0).fn);
    registry.breakers.get('api')?.isolate({});

    expect(await call()).toBe('spare');
  });

  test("not a caller's abort", async () => {
    const { own, hear } = world();
    const heard = hear('call:fallback');
    const controller = new AbortController();
    const outcome = failureOf(() => fallback.value('spare', own)(hanging().fn)(controller.signal));
    controller.abort('enough');

    expect(await outcome).toBe('enough');
    expect(heard).toEqual([]);
  });

  test('only what `when` allows; it gets the error', async () => {
    const { own } = world();
    const call = fallback.value('spare', { when: (error) => (error as Error).message === 'busy', ...own });

    expect(await call(() => Promise.reject<string>(new Error('busy')))()).toBe('spare');
    expect(await failureOf(call(down))).toMatchObject({ message: 'down' });
  });

  test('a `when` that throws ends the call with its error, the first one as its cause', async () => {
    const { own } = world();
    const when = () => {
      throw new Error('bad predicate');
    };

    expect(await failureOf(fallback.value('spare', { when, ...own })(down))).toMatchObject({
      message: 'bad predicate',
      cause: { message: 'down' },
    });
  });
});

describe('a function', () => {
  test('gets the same `this` and arguments, and `callContext().error` says why', async () => {
    const { own } = world();
    const seen: unknown[] = [];
    class Quotes {
      @fallback(function (this: Quotes, symbol: string) {
        seen.push(this, symbol, (callContext().error as Error).message, callContext().name);
        return Promise.resolve('spare');
      }, own)
      async price(symbol: string): Promise<string> {
        throw new Error(`no ${symbol}`);
      }
    }
    const quotes = new Quotes();

    expect(await quotes.price('ACME')).toBe('spare');
    expect(seen).toEqual([quotes, 'ACME', 'no ACME', 'Quotes.price']);
  });

  test('that fails gives its own error, with the first one as its cause', async () => {
    const { own } = world();
    const error = await failureOf(fallback(() => Promise.reject<string>(new Error('spare down')), own)(down));

    expect(error).toMatchObject({ message: 'spare down', cause: { message: 'down' } });
  });

  test('that fails with an error that has a cause keeps that cause', async () => {
    const { own } = world();
    const cause = new Error('its own');
    const handler = () => Promise.reject<string>(new Error('spare down', { cause }));

    expect(await failureOf(fallback(handler, own)(down))).toHaveProperty('cause', cause);
  });

  test('that throws the very error it was given throws it unchanged', async () => {
    const { own } = world();
    const first = new Error('down');
    const call = fallback(() => Promise.reject<string>(callContext().error as Error), own);

    expect(await failureOf(call(() => Promise.reject<string>(first)))).toBe(first);
    expect(first.cause).toBeUndefined();
  });
});

describe('the name of a method', () => {
  test('answers with the method of the same object; a symbol is a name too', async () => {
    const { own } = world();
    const last = Symbol('last');
    class Quotes {
      spare = 7;
      @fallback('lastKnown', own)
      async price(): Promise<number> {
        throw new Error('down');
      }
      @fallback(last, own)
      async rate(): Promise<number> {
        throw new Error('down');
      }
      lastKnown(): number {
        return this.spare;
      }
      [last](): number {
        return -this.spare;
      }
    }
    const quotes = new Quotes();

    expect([await quotes.price(), await quotes.rate()]).toEqual([7, -7]);
  });

  test('that a subclass overrides is the method of the subclass', async () => {
    const { own } = world();
    class Quotes {
      @fallback('lastKnown', own)
      async price(): Promise<number> {
        throw new Error('down');
      }
      lastKnown(): number {
        return 1;
      }
    }
    class Fast extends Quotes {
      override lastKnown(): number {
        return 2;
      }
    }

    expect(await new Fast().price()).toBe(2);
  });

  test('that the class lacks is a TypeError which names it, the first error as its cause', async () => {
    const { own } = world();
    const call = fallback('lastKnwon', own) as unknown as (fn: () => Promise<string>) => () => Promise<string>;

    const error = await failureOf(call(() => down()));

    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: expect.stringContaining("'lastKnwon'"), cause: { message: 'down' } });
  });

  describe('the error for a method that is missing names class and site', () => {
    type Loose = (method: unknown, context: ClassMethodDecoratorContext) => undefined;
    const { own } = world();
    const nope = fallback('nope', own) as unknown as Loose;
    class Quotes {
      nope: unknown = undefined;
      @nope async price(): Promise<string> {
        return down();
      }
      @nope static async rate(): Promise<string> {
        return down();
      }
    }
    const odd = Object.assign(new Quotes(), { nope: 5 });
    const bare = Object.setPrototypeOf({ price: Quotes.prototype.price }, null) as Quotes;
    const alone = (fallback('nope', own) as unknown as (fn: typeof down) => typeof down)(down);

    test.each([
      ['of an object', () => new Quotes().price(), "fallback of Quotes.price: Quotes has no method 'nope'"],
      ['that is something else', () => odd.price(), "fallback of Quotes.price: Quotes has no method 'nope', but 5"],
      ['of a class', () => Quotes.rate(), "fallback of Quotes.rate: Quotes has no method 'nope'"],
      ['of an object without a class', () => bare.price(), "its object has no method 'nope'"],
      ['of nothing', () => alone(), "fallback of down: a function that stands on no object has no method 'nope'"],
    ])('%s', async (_, call, message) => {
      const { message: told } = (await failureOf(call)) as Error;

      expect(told.endsWith(message)).toBe(true);
    });
  });
});

describe('fallback.value', () => {
  test.each<[unknown]>([[null], [undefined], [0], [''], [[]]])('hands out %o, the very same', async (value) => {
    const { own } = world();
    const call = async (): Promise<typeof value> => {
      throw new Error('down');
    };

    expect(await fallback.value(value, own)(call)()).toBe(value);
  });

  test('hands out a function as it is, and does not call it', async () => {
    const { own } = world();
    const value = () => {
      throw new Error('called');
    };

    expect(await fallback.value(value, own)(() => Promise.reject<typeof value>(new Error('down')))()).toBe(value);
  });
});

test('fallback.catch gets the error before the arguments, and the same `this`', async () => {
  const { own } = world();
  // `@fallback.catch(…)` itself is a syntax error to esbuild, up to 0.28: `catch` is a reserved word.
  const explained = fallback.catch(function (this: unknown, error, symbol: string) {
    return Promise.resolve(`${symbol}: ${(error as Error).message} ${this instanceof Quotes}`);
  }, own);
  class Quotes {
    @explained
    async price(symbol: string): Promise<string> {
      throw new Error(`no ${symbol}`);
    }
  }

  expect(await new Quotes().price('ACME')).toBe('ACME: no ACME true');
});

test.each([[undefined], [5], [null], [{}]])('fallback(%o) is a TypeError', (alternative) => {
  expect(() => fallback(alternative as never)).toThrow(TypeError);
  expect(() => fallback.catch(alternative as never)).toThrow(TypeError);
});

test('a synchronous function stays synchronous, and is answered at once', () => {
  const { own } = world();
  const call = fallback(
    (n: number) => -n,
    own,
  )((n: number): number => {
    if (n > 1) throw new Error('too much');
    return n;
  });

  expect([call(1), call(2)]).toEqual([1, -2]);
});

test('of two, the inner answers first, and the outer answers for the inner', async () => {
  const { own } = world();
  const outer = fallback.catch((error) => Promise.resolve(`outer for ${(error as Error).message}`), own);
  const inner = fallback(() => Promise.reject<string>(new Error('inner')), own);

  expect(await compose(outer, inner)(down)()).toBe('outer for inner');
});

test('the attempt of a retry outside is seen by the handler', async () => {
  const { own } = world();
  const seen: number[] = [];
  const call = compose(
    retryWithBackoff({ maxAttempts: 2, baseDelayMs: 0, jitter: 'none', ...own }),
    fallback(() => {
      seen.push(callContext().attempt);
      return Promise.resolve('spare');
    }, own),
  )(down);

  expect(await call()).toBe('spare');
  expect(seen).toEqual([1]);
});

test('after close nothing is answered', async () => {
  const { own, registry } = world();
  const call = fallback.value('spare', own)(down);
  await registry.close();

  expect(await failureOf(call)).toMatchObject({ code: 'ERR_CLOSED' });
});

test('who has been answered by a limit of time outside gets no second answer', async () => {
  const { clock, own, hear } = world();
  const answered = hear('call:fallback');
  let runs = 0;
  const call = compose(
    timeout({ ms: 50, ...own }),
    fallback(async () => ++runs, own),
  )(() => new Promise<number>((_, reject) => clock.setTimeout(() => reject(new Error('late')), 100)));
  const outcome = failureOf(call);
  await clock.advance(200);

  expect(await outcome).toMatchObject({ code: 'ERR_TIMEOUT' });
  expect([runs, answered]).toEqual([0, []]);
});

test('a handler that throws the cause of the error it got makes no circle of causes', async () => {
  const { own } = world();
  const root = new Error('root');
  const call = fallback.catch((error): string => {
    throw (error as Error).cause;
  }, own)((): string => {
    throw new Error('wrapped', { cause: root });
  });

  expect(await failureOf(call)).toBe(root);
  expect(root.cause).toBeUndefined();
});
