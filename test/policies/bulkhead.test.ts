import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/index.js';
import { bulkhead, compose, fallback, Registry, timeout } from '../../src/index.js';

/** Work that ends when it is told to. */
function gate() {
  const open: ((value: string) => void)[] = [];
  const started: string[] = [];
  const work = (name: string): Promise<string> => {
    started.push(name);
    return new Promise((resolve) => open.push(resolve));
  };
  return { work, started, finish: (index: number) => open[index]?.('done') };
}

function world() {
  const clock = new ManualClock();
  const registry = new Registry({ clock });
  return { clock, registry };
}

describe('a bulkhead without a queue', () => {
  test('rejects what finds no slot, and says so in an event', async () => {
    const { registry } = world();
    const { work, started, finish } = gate();
    const rejected: string[] = [];
    registry.on('call:rejected', ({ code, name }) => rejected.push(`${code} ${name}`));
    const call = bulkhead({ name: 'slots', maxConcurrent: 1, registry })(work);

    const first = call('a');
    await expect(call('b')).rejects.toMatchObject({ code: 'ERR_BULKHEAD_FULL', policyName: 'slots', site: 'work' });
    finish(0);

    expect(await first).toBe('done');
    expect([started, rejected]).toEqual([['a'], ['ERR_BULKHEAD_FULL slots']]);
    expect(registry.limiters.get('slots')?.snapshot()).toMatchObject({ active: 0, rejected: 1 });
  });

  test('leaves a synchronous function synchronous, and gives its slot back when it throws', () => {
    const { registry } = world();
    const call = bulkhead({ maxConcurrent: 1, registry })((fails: boolean) => {
      if (fails) throw new Error('down');
      return 1;
    });

    expect(() => call(true)).toThrow('down');
    expect(call(false)).toBe(1);
  });
});

describe('a bulkhead with a queue', () => {
  test('lets calls in one after the other, in their order', async () => {
    const { clock, registry } = world();
    const { work, started, finish } = gate();
    const call = bulkhead({ maxConcurrent: 1, maxQueue: 2, registry })(work);
    const calls = [call('a'), call('b'), call('c')];
    await expect(call('d')).rejects.toMatchObject({ code: 'ERR_BULKHEAD_FULL' });

    finish(0);
    await clock.advance(0);
    expect(started).toEqual(['a', 'b']);
    finish(1);
    await clock.advance(0);
    finish(2);

    expect(await Promise.all(calls)).toEqual(['done', 'done', 'done']);
    expect(started).toEqual(['a', 'b', 'c']);
  });

  test('rejects who has waited as long as it may, and tells of it', async () => {
    const { clock, registry } = world();
    const codes: string[] = [];
    registry.on('call:rejected', ({ code }) => codes.push(code));
    const call = bulkhead({ maxConcurrent: 1, maxQueue: 1, queueTimeoutMs: 50, registry })(gate().work);
    void call('a');
    const outcome = expect(call('b')).rejects.toMatchObject({ code: 'ERR_QUEUE_TIMEOUT' });
    await clock.advance(50);

    await outcome;
    expect(codes).toEqual(['ERR_QUEUE_TIMEOUT']);
  });

  test('an aborted waiter leaves at once, and the function is not run for it', async () => {
    const { clock, registry } = world();
    const started: string[] = [];
    const call = bulkhead({ maxConcurrent: 1, maxQueue: 1, registry })((name: string, _signal?: AbortSignal) => {
      started.push(name);
      return new Promise<void>(() => {});
    });
    const controller = new AbortController();
    void call('a');
    const outcome = expect(call('b', controller.signal)).rejects.toBe('enough');
    controller.abort('enough');
    await outcome;
    await clock.advance(0);

    expect(started).toEqual(['a']);
  });
});

describe('with a timeout', () => {
  test('timeout over bulkhead: the slot stays taken until the work has settled', async () => {
    const { clock, registry } = world();
    const { work, finish } = gate();
    const call = compose(timeout({ ms: 50, registry }), bulkhead({ maxConcurrent: 1, registry }))(work);
    const outcome = expect(call('a')).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    await clock.advance(50);
    await outcome;

    await expect(call('b')).rejects.toMatchObject({ code: 'ERR_BULKHEAD_FULL' });
    finish(0);
    await clock.advance(0);
    void call('c').catch(() => {});
    expect(registry.limiters.get('work')?.snapshot()).toMatchObject({ active: 1 });
  });

  test('timeout over a queue limits the wait too; bulkhead over timeout limits the work alone', async () => {
    const { clock, registry } = world();
    const queue = { maxConcurrent: 1, maxQueue: 1, registry };
    const outer = compose(timeout({ ms: 50, registry }), bulkhead({ ...queue, name: 'inner' }))(gate().work);
    const inner = compose(bulkhead({ ...queue, name: 'outer' }), timeout({ ms: 50, registry }))(gate().work);
    const outcomes = [outer('a'), outer('b'), inner('a'), inner('b')].map((call) =>
      call.catch((error: Error) => error),
    );
    await clock.advance(50);
    expect(registry.limiters.get('inner')?.snapshot()).toMatchObject({ queued: 0 });
    await clock.advance(50);

    expect((await Promise.all(outcomes)).map((error) => (error as { code?: string }).code)).toEqual(
      Array(4).fill('ERR_TIMEOUT'),
    );
  });

  test('a fallback answers a rejection', async () => {
    const { registry } = world();
    const call = compose(fallback.value('spare', { registry }), bulkhead({ maxConcurrent: 1, registry }))(gate().work);
    void call('a');

    expect(await call('b')).toBe('spare');
  });
});
