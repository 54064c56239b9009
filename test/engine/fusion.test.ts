import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { cached, compose, fallback, policiesOf, Registry, timeout } from '../../src/index.js';
import { noted, repeated } from './small-policies.js';

/** A stack of four, written in each of the ways there are. */
const ways = {
  'a stack of decorators': (log: string[], registry: Registry, fn: (n: number) => Promise<number>) => {
    const { a, b, c, d } = four(log, registry);
    class Service {
      @a @b @c @d run(n: number): Promise<number> {
        return fn(n);
      }
    }
    const service = new Service();
    return { run: (n: number) => service.run(n), kinds: () => policiesOf(service, 'run') };
  },
  'a composed decorator': (log: string[], registry: Registry, fn: (n: number) => Promise<number>) => {
    const { a, b, c, d } = four(log, registry);
    class Service {
      @compose(a, b, c, d) run(n: number): Promise<number> {
        return fn(n);
      }
    }
    const service = new Service();
    return { run: (n: number) => service.run(n), kinds: () => policiesOf(service, 'run') };
  },
  'a stack of decorators on a field': (log: string[], registry: Registry, fn: (n: number) => Promise<number>) => {
    const { a, b, c, d } = four(log, registry);
    class Service {
      @a @b run = c(d(fn));
    }
    const service = new Service();
    return { run: service.run, kinds: () => policiesOf(service, 'run') };
  },
  'compose(a, b, c, d)(m)': (log: string[], registry: Registry, fn: (n: number) => Promise<number>) => {
    const { a, b, c, d } = four(log, registry);
    const run = compose(a, b, c, d)(fn);
    return { run, kinds: () => policiesOf(run) };
  },
  'compose in compose': (log: string[], registry: Registry, fn: (n: number) => Promise<number>) => {
    const { a, b, c, d } = four(log, registry);
    const run = compose(compose(a, b), compose(c, compose(d)))(fn);
    return { run, kinds: () => policiesOf(run) };
  },
  'a(b(c(d(m))))': (log: string[], registry: Registry, fn: (n: number) => Promise<number>) => {
    const { a, b, c, d } = four(log, registry);
    const run = a(b(c(d(fn))));
    return { run, kinds: () => policiesOf(run) };
  },
};

function four(log: string[], registry: Registry) {
  return {
    a: noted({ log, tag: 'a', registry }),
    b: repeated({ times: 3, log, registry }),
    c: timeout({ ms: 100, registry }),
    d: noted({ log, tag: 'd', registry }),
  };
}

describe.each(Object.entries(ways))('%s', (_, way) => {
  test('runs its policies in order, inwards and outwards', async () => {
    const log: string[] = [];
    let runs = 0;
    const { run } = way(log, new Registry({ clock: new ManualClock() }), async (n) => {
      log.push('run');
      if (++runs < 3) throw new Error(`bad ${runs}`);
      return n * 2;
    });

    expect(await run(21)).toBe(42);
    const failing = (attempt: number) => [`attempt ${attempt}`, 'd in', 'run', `d failed bad ${attempt}`];
    const succeeding = ['attempt 3', 'd in', 'run', 'd ok 42', 'a ok 42'];
    expect(log).toEqual(['a in', ...failing(1), ...failing(2), ...succeeding]);
  });

  test('tells of the same events, in the same order', async () => {
    const clock = new ManualClock();
    const registry = new Registry({ clock });
    const events: [string, number][] = [];
    registry.on('*', ({ type, at }) => events.push([type, at]));
    const { run } = way([], registry, () => new Promise(() => {}));
    const start = clock.wallNow();

    const call = run(1).catch((error: Error & { code: string }) => error.code);
    await clock.advance(300);

    expect(await call).toBe('ERR_TIMEOUT');
    expect(events).toEqual([100, 200, 300].map((ms) => ['call:timeout', start + ms]));
  });

  test('is read back as four policies, outermost first', () => {
    const { kinds } = way([], new Registry(), async (n) => n);

    expect(kinds().map(({ kind }) => kind)).toEqual(['noted', 'repeated', 'timeout', 'noted']);
  });

  test('is one wrapper on the original', async () => {
    const frames: string[] = [];
    const { run } = way([], new Registry({ clock: new ManualClock() }), async (n) => {
      frames.push(...stackLines());
      return n;
    });

    await run(1);

    expect(frames.filter((frame) => /engine.wrapper-shapes\.ts/.test(frame) && !/at enter /.test(frame))).toHaveLength(
      1,
    );
  });
});

test('what is wrapped again keeps its own wrapper and shares the state', async () => {
  const log: string[] = [];
  const inner = noted({ log, tag: 'inner' })(async (n: number) => n);
  const outer = noted({ log, tag: 'outer' })(inner);

  await inner(1);
  expect(log).toEqual(['inner in', 'inner ok 1']);
  expect(policiesOf(inner)).toHaveLength(1);
  expect(policiesOf(outer)).toHaveLength(2);
});

test('the promise of an outermost loop is handed on as it is', async () => {
  const price = cached({ registry: new Registry() })(async (symbol: string) => symbol.length);
  await price('ACME');

  expect(price('ACME')).toBe(price('ACME'));
});

test('a synchronous stack has no promise on its way', () => {
  const log: string[] = [];
  const run = compose(
    noted({ log, tag: 'a' }),
    fallback(() => -1),
    noted({ log, tag: 'b' }),
  )((n: number) => {
    if (n < 0) throw new Error('negative');
    return n;
  });

  expect(run(1)).toBe(1);
  expect(run(-5)).toBe(-1);
  expect(log).toEqual(['a in', 'b in', 'b ok 1', 'a ok 1', 'a in', 'b in', 'b failed negative', 'a ok -1']);
});

test('a guard outside hears of a call that a guard inside has rejected, and the rejected one does not', async () => {
  const log: string[] = [];
  const closed = new Registry();
  const run = compose(
    noted({ log, tag: 'a' }),
    noted({
      log: {
        push: () => {
          throw new Error('shut');
        },
      } as never,
    }),
    noted({ log, tag: 'c' }),
  )(() => 1);

  expect(() => run()).toThrow('shut');
  expect(log).toEqual(['a in', 'a failed shut']);
  await closed.close();
});

test('compose takes policies only, and at least one', () => {
  expect(() => compose(noted({ log: [] }), (() => 1) as never)).toThrow(
    /compose takes policies, got function .* in place 2/,
  );
  expect(() => compose()).toThrow(TypeError);
});

/** The whole stack: what is asked for is how often the engine stands in it. */
function stackLines(): string[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 200;
  const { stack = '' } = new Error('here');
  Error.stackTraceLimit = stackTraceLimit;
  return stack.split('\n');
}
