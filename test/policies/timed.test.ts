import { describe, expect, test } from 'vitest';
import { bulkhead, callContext, compose, MetricsCollector, Registry, timed } from '../../src/index.js';
import { failing, failureOf, gate, hanging, WALL_MS, world } from './world.js';

test('calls are measured under the name of the function, with their failures', async () => {
  const { clock, own, registry } = world();
  const { work, finish, fail } = gate();
  const call = timed(own)(work);
  const outcomes = [call(), call(), failureOf(call)];
  await clock.advance(100);
  finish(0);
  await clock.advance(300);
  finish(1);
  fail(2, new Error('down'));
  await Promise.all(outcomes);

  expect(registry.calls.snapshot()['work']).toMatchObject({
    totalCalls: 3,
    errors: 1,
    minMs: 100,
    maxMs: 400,
    avgMs: expect.closeTo(300, 0),
    slowCalls: 0,
  });
});

test('`name` is what the timings stand under, for all who give it', async () => {
  const { own, registry } = world();
  await timed({ name: 'quotes', ...own })(failing(0).fn)();
  await timed({ name: 'quotes', ...own })(failing(0).fn)();

  expect(registry.calls.snapshot()).toMatchObject({ quotes: { totalCalls: 2 } });
});

test('a method is timed under its class, for all instances', async () => {
  const { own, registry } = world();
  class Quotes {
    @timed(own)
    async price(): Promise<number> {
      return 1;
    }
  }
  await new Quotes().price();
  await new Quotes().price();

  expect(registry.calls.snapshot()).toMatchObject({ 'Quotes.price': { totalCalls: 2 } });
});

test('`collector` is where the timings are kept, in the place of the registry’s', async () => {
  const { clock, own, registry } = world();
  const collector = new MetricsCollector({ name: 'mine', registry: new Registry({ clock }) });
  await timed({ collector, ...own })(failing(0).fn)();

  expect(collector.snapshot()).toMatchObject({ fn: { totalCalls: 1 } });
  expect(registry.metrics.names()).toEqual([]);
});

describe('a slow call', () => {
  test.each([
    [99, 0],
    [100, 1],
  ])('of %i ms, where 100 are slow, is counted %i times', async (ms, slow) => {
    const { clock, own, registry, hear } = world();
    const heard = hear('call:slow');
    const { work, finish } = gate();
    const call = timed({ slowMs: 100, ...own })(work)();
    await clock.advance(ms);
    finish(0);
    await call;

    const source = { kind: 'timed', name: 'work', site: 'work', callId: expect.any(String), at: WALL_MS + ms };
    const event = { type: 'call:slow', ...source, durationMs: ms, slowMs: 100 };
    expect(heard).toEqual(Array.from({ length: slow }, () => event));
    expect(registry.calls.snapshot()['work']).toMatchObject({ slowCalls: slow });
  });

  test('that fails is slow all the same', async () => {
    const { clock, own, registry } = world();
    const { work, fail } = gate();
    const outcome = failureOf(timed({ slowMs: 100, ...own })(work));
    await clock.advance(100);
    fail(0, new Error('down'));
    await outcome;

    expect(registry.calls.snapshot()['work']).toMatchObject({ slowCalls: 1, errors: 1 });
  });
});

test("a caller's abort ends the call with its reason", async () => {
  const { own } = world();
  const controller = new AbortController();
  const outcome = failureOf(() => timed(own)(hanging().fn)(controller.signal));
  controller.abort('enough');

  expect(await outcome).toBe('enough');
});

test('a synchronous function stays synchronous, and is measured', () => {
  const { own, registry } = world();
  const call = timed(own)(function price(fails: boolean) {
    if (fails) throw new Error('down');
    return callContext().name;
  });

  expect(call(false)).toBe('price');
  expect(() => call(true)).toThrow('down');
  expect(registry.calls.snapshot()['price']).toMatchObject({ totalCalls: 2, errors: 1 });
});

test('after close nothing is run and nothing measured', async () => {
  const { own, registry } = world();
  const call = timed({ name: 't', ...own })(failing(0).fn);
  await registry.close();

  expect(await failureOf(call)).toMatchObject({ code: 'ERR_CLOSED' });
  expect(registry.calls.snapshot()['t']?.totalCalls ?? 0).toBe(0);
});

test('behind a queue the time of the wait does not count, as it does outside of it', async () => {
  const { clock, own, registry } = world();
  const work = () => new Promise<void>((resolve) => clock.setTimeout(resolve, 100));
  const call = compose(
    timed({ name: 'outside', ...own }),
    bulkhead({ maxConcurrent: 1, maxQueue: 5, ...own }),
    timed({ name: 'inside', ...own }),
  )(work);
  const calls = [call(), call(), call()];
  await clock.advance(300);
  await Promise.all(calls);

  const { timings } = registry.calls.stats();
  expect([timings['outside']?.maxMs, timings['inside']?.maxMs]).toEqual([300, 100]);
});
