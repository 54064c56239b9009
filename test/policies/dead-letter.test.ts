import { describe, expect, test } from 'vitest';
import {
  callContext,
  circuitBreaker,
  compose,
  deadLetter,
  type DeadLetterEntry,
  type DeadLetterOptions,
  fallback,
  rateLimit,
  retryWithBackoff,
} from '../../src/index.js';
import { diskFull, failing, failureOf, hanging, http, WALL_MS, world } from './world.js';
import { collectGarbage } from '../collect-garbage.js';

/** A dead-letter queue `dead` round a function that fails as often as it is told. */
function kept(times: number, options: DeadLetterOptions = {}, make?: () => unknown) {
  const here = world();
  const { fn, state } = failing(times, make);
  const call = deadLetter({ name: 'dead', ...options, ...here.own })(fn);
  const queue = () =>
    here.registry.deadLetters.get('dead') as NonNullable<ReturnType<typeof here.registry.deadLetters.get>>;
  return { ...here, state, call, queue };
}

describe('what is kept', () => {
  test('the failed call, with its arguments, error, severity and times; the caller gets its own error', async () => {
    const error = http(503);
    const { call, queue, registry } = kept(9, {}, () => error);

    expect(await failureOf(() => call('x'))).toBe(error);
    expect(queue().list()).toMatchObject([
      {
        id: expect.any(String),
        name: 'dead',
        site: 'fn',
        args: ['x'],
        error: { name: 'Error', message: 'HTTP 503' },
        severity: 'recoverable',
        attempts: 1,
        redrives: 0,
        firstAt: WALL_MS,
        lastAt: WALL_MS,
      },
    ]);
    expect(registry.deadLetters.get('dead')?.snapshot()).toMatchObject({
      totalFailures: 1,
      size: 1,
      dropped: 0,
      expired: 0,
      parked: 0,
      byFunction: { fn: 1 },
      bySeverity: { recoverable: 1 },
      oldestAt: WALL_MS,
    });
  });

  test('is told', async () => {
    const { call, hear, queue } = kept(9);
    const heard = hear('deadLetter:added');
    await failureOf(() => call('x'));

    const [{ id } = { id: '' }] = queue().list();
    const source = { kind: 'deadLetter', name: 'dead', site: 'fn', at: WALL_MS };
    expect(heard).toMatchObject([{ ...source, id, error: { message: 'down' }, severity: 'recoverable', attempts: 1 }]);
  });

  test.each<[string, () => unknown, string]>([
    ['an error that nothing is known of', () => new Error('down'), 'recoverable'],
    ['a reset connection', () => Object.assign(new Error('reset'), { code: 'ECONNRESET' }), 'transient'],
    ['HTTP 404', () => http(404), 'permanent'],
    ['a full disk', diskFull, 'critical'],
  ])('%s', async (_, make, severity) => {
    const { call, queue } = kept(9, {}, make);
    await failureOf(call);

    expect(queue().list()).toMatchObject([{ severity }]);
  });

  test('`classify` decides severity', async () => {
    const { own, registry } = world();
    await failureOf(deadLetter({ name: 'dead', classify: () => 'transient', ...own })(failing(1).fn));

    expect(registry.deadLetters.get('dead')?.list()).toMatchObject([{ severity: 'transient' }]);
  });

  test('a rejected call, of which there was no attempt', async () => {
    const { own, registry } = world();
    const call = compose(deadLetter({ name: 'dead', ...own }), circuitBreaker({ name: 'api', ...own }))(failing(0).fn);
    registry.breakers.get('api')?.isolate({});
    await failureOf(call);

    expect(registry.deadLetters.get('dead')?.list()).toMatchObject([
      { attempts: 0, error: { code: 'ERR_CIRCUIT_OPEN' } },
    ]);
  });

  test('a call whose last attempt was rejected, with the attempts that were run', async () => {
    const { clock, own, registry } = world();
    const call = compose(
      deadLetter({ name: 'dead', ...own }),
      retryWithBackoff({ baseDelayMs: 10, jitter: 'none', ...own }),
      circuitBreaker({ failureThreshold: 1, ...own }),
    )(failing(9).fn);
    const outcome = failureOf(call);
    await clock.advance(10);
    await outcome;

    expect(registry.deadLetters.get('dead')?.list()).toMatchObject([
      { attempts: 1, error: { code: 'ERR_CIRCUIT_OPEN' } },
    ]);
  });

  test("not a caller's abort", async () => {
    const { own, registry } = world();
    const controller = new AbortController();
    const outcome = failureOf(() => deadLetter({ name: 'dead', ...own })(hanging().fn)(controller.signal));
    controller.abort('enough');

    expect(await outcome).toBe('enough');
    expect(registry.deadLetters.get('dead')?.size).toBe(0);
  });

  test('only what `when` wants; one that throws ends the call with its error, the first one as its cause', async () => {
    const { call, queue } = kept(9, { when: (error) => (error as Error).message !== 'down' });
    await failureOf(call);
    expect(queue().size).toBe(0);

    const bad = kept(9, {
      when: () => {
        throw new Error('bad predicate');
      },
    });
    expect(await failureOf(bad.call)).toMatchObject({ message: 'bad predicate', cause: { message: 'down' } });
  });

  test('arguments as they were when the call failed', async () => {
    const { own, registry } = world();
    const order = { items: [1] };
    const call = deadLetter({ name: 'dead', ...own })(async (_order: typeof order) =>
      Promise.reject(new Error('down')),
    );
    await failureOf(() => call(order));
    order.items.push(2);

    expect(registry.deadLetters.get('dead')?.list()).toMatchObject([{ args: [{ items: [1] }] }]);
  });

  test('past `maxEntries` the oldest goes, and is told and counted', async () => {
    const { call, queue, hear } = kept(9, { maxEntries: 2 });
    const dropped = hear('deadLetter:dropped');
    for (const value of ['a', 'b', 'c']) await failureOf(() => call(value));

    expect(
      queue()
        .list()
        .map(({ args }) => args[0]),
    ).toEqual(['b', 'c']);
    expect(queue().snapshot()).toMatchObject({ dropped: 1, totalFailures: 3, size: 2 });
    expect(dropped).toMatchObject([{ name: 'dead', id: expect.any(String) }]);
  });

  test('without a secret, where `redact` takes it out', async () => {
    const { call, queue } = kept(9, { redact: (entry) => ({ ...entry, args: ['***'] }) });
    await failureOf(() => call('secret'));

    expect(JSON.stringify(queue().list())).not.toContain('secret');
  });

  test('without arguments, where they cannot be copied; `serialize` makes ones that can', async () => {
    class Order {}
    const fails = async (_order: unknown): Promise<void> => Promise.reject(new Error('down'));
    const { own, registry, hear } = world();
    const told = hear('deadLetter:argsError');
    await failureOf(() => deadLetter({ name: 'plain', ...own })(fails)(new Order()));
    const serialize = () => [{ order: 1 }];
    await failureOf(() => deadLetter({ name: 'serialized', serialize, ...own })(fails)(new Order()));

    expect(registry.deadLetters.get('plain')?.list()).toMatchObject([{ argsError: expect.any(String) }]);
    expect(await registry.deadLetters.get('plain')?.redrive()).toMatchObject({ attempted: 0, skipped: 1 });
    expect(registry.deadLetters.get('serialized')?.list()).toMatchObject([{ args: [{ order: 1 }] }]);
    expect(told).toMatchObject([{ name: 'plain', reason: expect.any(String) }]);
  });

  test('a critical error is announced once', async () => {
    const { call, hear } = kept(9, {}, diskFull);
    const heard = hear('error:critical');
    await failureOf(call);

    expect(heard).toHaveLength(1);
  });
});

describe('redrive', () => {
  test('runs the entries, oldest first, and removes what comes through; told with who and why', async () => {
    const { call, queue, state, hear } = kept(2);
    const [redriven, ended] = [hear('deadLetter:redriven'), hear('deadLetter:redriveEnded')];
    await failureOf(() => call('a'));
    await failureOf(() => call('b'));

    expect(await queue().redrive({ owner: 'ops', reason: 'fixed' })).toMatchObject({
      attempted: 2,
      succeeded: 2,
      failed: 0,
    });
    expect([queue().size, state.runs]).toEqual([0, 4]);
    expect(redriven).toMatchObject([
      { site: 'fn', owner: 'ops', reason: 'fixed' },
      { site: 'fn', owner: 'ops', reason: 'fixed' },
    ]);
    expect(ended).toMatchObject([{ owner: 'ops', reason: 'fixed', report: { attempted: 2 } }]);
  });

  test('keeps what fails again, with one more redrive and attempt, and makes no second entry', async () => {
    const { call, queue, clock } = kept(9);
    await failureOf(() => call('a'));
    await clock.advance(1_000);

    expect(await queue().redrive()).toMatchObject({ attempted: 1, succeeded: 0, failed: 1 });
    expect(queue().list()).toMatchObject([{ redrives: 1, attempts: 2, firstAt: WALL_MS, lastAt: WALL_MS + 1_000 }]);
  });

  test('runs what stands inside: a retry there does its work, a fallback outside does not pass for success', async () => {
    const { clock, own, registry } = world();
    const { fn, state } = failing(5);
    const call = compose(
      fallback.value('spare', own),
      deadLetter({ name: 'dead', ...own }),
      retryWithBackoff({ maxAttempts: 2, baseDelayMs: 100, jitter: 'none', ...own }),
    )(fn);
    const answer = call('x');
    await clock.advance(100);
    expect(await answer).toBe('spare');
    const queue = registry.deadLetters.get('dead');

    const first = queue?.redrive();
    await clock.advance(100);
    expect(await first).toMatchObject({ failed: 1 });
    expect(queue?.list()).toMatchObject([{ redrives: 1, attempts: 4 }]);
    const second = queue?.redrive();
    await clock.advance(100);
    expect([await second, state.runs]).toMatchObject([{ succeeded: 1 }, 6]);
  });

  test('is stopped by the breaker inside when it opens', async () => {
    const { own, registry } = world();
    const breaker = circuitBreaker({ name: 'api', failureThreshold: 3, ...own });
    const call = compose(deadLetter({ name: 'dead', ...own }), breaker)(failing(99).fn);
    await failureOf(call);
    await failureOf(call);

    expect(await registry.deadLetters.get('dead')?.redrive()).toMatchObject({ failed: 1, stoppedBy: 'circuit-open' });
    expect(registry.deadLetters.get('dead')?.size).toBe(2);
  });

  test('of a rejection by another policy inside counts no attempt', async () => {
    const { own, registry } = world();
    const call = compose(deadLetter({ name: 'dead', ...own }), rateLimit({ limit: 1, ...own }))(failing(9).fn);
    await failureOf(call);

    expect(await registry.deadLetters.get('dead')?.redrive()).toMatchObject({ failed: 1 });
    expect(registry.deadLetters.get('dead')?.list()).toMatchObject([{ attempts: 1, redrives: 1 }]);
  });

  test('runs on the `this` of the failed call, with a context of its own', async () => {
    const { own, registry } = world();
    const seen: unknown[] = [];
    class Orders {
      works = false;
      @deadLetter({ name: 'dead', ...own })
      async place(order: string): Promise<void> {
        const { attempt, name } = callContext();
        if (!this.works) throw new Error('down');
        seen.push(this, order, attempt, name);
      }
    }
    const orders = new Orders();
    await failureOf(() => orders.place('o1'));
    orders.works = true;

    expect(await registry.deadLetters.get('dead')?.redrive()).toMatchObject({ succeeded: 1 });
    expect(seen).toEqual([orders, 'o1', 1, 'Orders.place']);
  });

  describe('runs each call by the function that it was made by', () => {
    const flaky = () => {
      const ran: string[] = [];
      let down = true;
      const send = (who: string) => async (item: string) => {
        if (down) throw new Error('down');
        ran.push(`${who} ${item}`);
      };
      return { ran, send, comeBack: () => void (down = false) };
    };

    test('under `execute`', async () => {
      const { own, registry } = world();
      const { ran, send, comeBack } = flaky();
      const policy = deadLetter({ name: 'dead', ...own });
      await failureOf(() => policy.execute(send('order'), '1'));
      await failureOf(() => policy.execute(send('mail'), '2'));
      comeBack();

      expect(await registry.deadLetters.get('dead')?.redrive()).toMatchObject({ succeeded: 2 });
      expect(ran).toEqual(['order 1', 'mail 2']);
    });

    test('of two functions of one name', async () => {
      const { own, registry } = world();
      const { ran, send, comeBack } = flaky();
      const wrapped = ['users', 'orders'].map((who) => {
        const save = send(who);
        return deadLetter({ name: 'dead', ...own })(Object.defineProperty(save, 'name', { value: 'save' }));
      });
      for (const save of wrapped) await failureOf(() => save('1'));
      comeBack();

      expect(await registry.deadLetters.get('dead')?.redrive()).toMatchObject({ succeeded: 2 });
      expect(ran).toEqual(['users 1', 'orders 1']);
    });

    test('of fields, of which each instance has its own', async () => {
      const { own, registry } = world();
      const { ran, send, comeBack } = flaky();
      class Tenant {
        who: string;
        constructor(who: string) {
          this.who = who;
        }
        @deadLetter({ name: 'dead', ...own })
        send = (item: string): Promise<void> => send(this.who)(item);
      }
      const tenants = [new Tenant('A'), new Tenant('B')];
      for (const tenant of tenants) await failureOf(() => tenant.send('1'));
      comeBack();

      expect(await registry.deadLetters.get('dead')?.redrive()).toMatchObject({ succeeded: 2 });
      expect(ran).toEqual(['A 1', 'B 1']);
    });

    test('of a static method, on its class', async () => {
      const { own, registry } = world();
      let down = true;
      const seen: unknown[] = [];
      class Orders {
        @deadLetter({ name: 'dead', ...own })
        static async save(): Promise<void> {
          if (down) throw new Error('down');
          seen.push(this);
        }
      }
      await failureOf(() => Orders.save());
      down = false;

      expect(await registry.deadLetters.get('dead')?.redrive()).toMatchObject({ succeeded: 1 });
      expect(seen).toEqual([Orders]);
    });
  });

  test('of entries that were there before runs the one function of that name, unless there are several, or it is a method', async () => {
    const [entry] = await (async () => {
      const stored = kept(9);
      await failureOf(() => stored.call('old'));
      return stored.queue().list();
    })();
    const { own, registry } = world();
    const sites = ['alone', 'twice', 'Orders.place'];
    const before = sites.map((site, at) => ({ ...entry, id: `${entry?.id}-${at}`, site }) as DeadLetterEntry);
    const store = { load: () => before, put: () => {}, remove: () => {} };
    const keep = deadLetter({ name: 'dead', store, ...own });
    const ran: string[] = [];
    const alone = keep(async function alone(item: string) {
      ran.push(item);
    });
    const twice = [1, 2].map(() => keep(async function twice() {}));
    class Orders {
      @keep async place(): Promise<void> {}
    }
    const orders = new Orders();
    await orders.place();
    const report = await registry.deadLetters.get('dead')?.redrive();

    expect(report?.results.map(({ outcome, error }) => [outcome, (error as Error | undefined)?.message])).toEqual([
      ['succeeded', undefined],
      ['unbound', "'twice' is the name of several functions; give it one with bind()"],
      ['unbound', "'Orders.place' has no function; give it one with bind()"],
    ]);
    expect([ran, alone.name, twice.length]).toEqual([['old'], 'alone', 2]);
  });

  test('of entries that were there before: `bind` gives their site a function', async () => {
    const stored = kept(9);
    await failureOf(() => stored.call('old'));
    const [entry] = stored.queue().list();
    const { own, registry } = world();
    const store = { load: () => (entry === undefined ? [] : [entry]), put: () => {}, remove: () => {} };
    const seen: unknown[] = [];
    deadLetter({ name: 'dead', store, ...own })(async function other() {});
    const queue = registry.deadLetters.get('dead');
    await queue?.ready;

    expect(await queue?.redrive()).toMatchObject({ unbound: 1, attempted: 0 });
    queue?.bind('fn', (_self, args) => seen.push(args));
    expect(await queue?.redrive()).toMatchObject({ succeeded: 1 });
    expect(seen).toEqual([['old']]);
  });
});

test('clearing is an act that tells who and why', async () => {
  const { call, queue, hear } = kept(9);
  const heard = hear('deadLetter:cleared');
  await failureOf(call);

  expect(queue().clear({ owner: 'ops', reason: 'obsolete' })).toBe(1);
  expect(heard).toMatchObject([{ name: 'dead', removed: 1, owner: 'ops', reason: 'obsolete' }]);
});

test('a name with equal options is shared by functions, and with others it is taken until it is forgotten', async () => {
  const { own, registry } = world();
  const make = (maxEntries: number) => deadLetter({ name: 'dead', maxEntries, ...own });
  await failureOf(
    make(5)(async function one() {
      throw new Error('down');
    }),
  );
  await failureOf(
    make(5)(async function two() {
      throw new Error('down');
    }),
  );

  expect(registry.deadLetters.get('dead')?.snapshot()).toMatchObject({ byFunction: { one: 1, two: 1 } });
  expect(() => make(6)(failing(0).fn)).toThrow(expect.objectContaining({ code: 'ERR_NAME_TAKEN' }));
  registry.forget('dead');
  expect(() => make(6)(failing(0).fn)).not.toThrow();
});

test('a synchronous function stays synchronous, and its failure is kept', () => {
  const { own, registry } = world();
  const call = deadLetter({ name: 'dead', ...own })((fails: boolean) => {
    if (fails) throw new Error('down');
    return 1;
  });

  expect(call(false)).toBe(1);
  expect(() => call(true)).toThrow('down');
  expect(registry.deadLetters.get('dead')?.size).toBe(1);
});

test('after close nothing is run, and nothing kept', async () => {
  const { call, queue, registry } = kept(9);
  await registry.close();

  expect(await failureOf(call)).toMatchObject({ code: 'ERR_CLOSED' });
  expect(queue().size).toBe(0);
});

test('a redrive runs what stands inside for that very function, though another one stood there later', async () => {
  const { clock, own, registry } = world();
  let runs = 0;
  const down = async (): Promise<void> => {
    runs++;
    throw new Error('down');
  };
  class Sender {
    @deadLetter({ name: 'dead', ...own }) accessor send = async (_item: string): Promise<void> => {};
  }
  const [first, second] = [new Sender(), new Sender()];
  first.send = retryWithBackoff({ maxAttempts: 3, baseDelayMs: 1, ...own })(down);
  second.send = async () => {};
  const outcome = failureOf(() => first.send('1'));
  await clock.advance(100);
  await outcome;
  await second.send('2');
  runs = 0;
  const redrive = registry.deadLetters.get('dead')?.redrive();
  await clock.advance(100);

  expect(await redrive).toMatchObject({ failed: 1 });
  expect(runs).toBe(3);
});

test('an entry keeps no instance alive, whose function it would run', async () => {
  const { own, registry } = world();
  class Sender {
    name = 'sender';
    @deadLetter({ name: 'dead', ...own })
    send = async (): Promise<void> => {
      throw new Error(this.name);
    };
  }
  const gone: WeakRef<Sender>[] = [];
  const use = async () => {
    const sender = new Sender();
    gone.push(new WeakRef(sender));
    await failureOf(() => sender.send());
  };
  for (let time = 0; time < 3; time++) await use();
  await collectGarbage();

  expect(gone.map((ref) => ref.deref())).toEqual([undefined, undefined, undefined]);
  expect(await registry.deadLetters.get('dead')?.redrive()).toMatchObject({ skipped: 3 });
});
