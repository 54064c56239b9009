import { describe, expect, test, vi } from 'vitest';
import { cancellationOf } from '../../src/base/cancellation.js';
import { type Load, SingleFlight } from '../../src/cache/single-flight.js';
import { deferred } from './deferred.js';

function loading() {
  const { promise, resolve, reject } = deferred<string>();
  const cancel = vi.fn();
  const load = vi.fn((): Load<string> => ({ result: promise, cancel }));
  return { load, cancel, resolve, reject };
}

function caller() {
  const controller = new AbortController();
  return { cancellation: cancellationOf(controller.signal), leave: (why: unknown) => controller.abort(why) };
}

describe('SingleFlight', () => {
  test('concurrent equal calls share one run and its very promise', async () => {
    const flights = new SingleFlight<string>();
    const { load, resolve } = loading();

    const first = flights.run('a', load);
    const second = flights.run('a', load);
    resolve('value');

    expect(second).toBe(first);
    expect(await second).toBe('value');
    expect(load).toHaveBeenCalledTimes(1);
  });

  test('calls with different keys do not', () => {
    const flights = new SingleFlight<string>();
    const { load } = loading();
    flights.run('a', load);
    flights.run('b', load);

    expect(load).toHaveBeenCalledTimes(2);
    expect(flights.size).toBe(2);
  });

  test.each(['resolve', 'reject'] as const)('nothing is kept once it has settled (%s)', async (how) => {
    const flights = new SingleFlight<string>();
    const { load, [how]: settle } = loading();
    const run = flights.run('a', load) as Promise<string>;
    settle('down' as never);
    await run.catch(() => undefined);

    expect(flights.size).toBe(0);
    const again = loading();
    flights.run('a', again.load);
    expect(again.load).toHaveBeenCalledTimes(1);
  });

  test('everyone gets the same error object', async () => {
    const flights = new SingleFlight<string>();
    const { load, reject } = loading();
    const down = new Error('down');
    const calls = [flights.run('a', load), flights.run('a', load, caller().cancellation)];
    reject(down);

    for (const call of calls) await expect(call).rejects.toBe(down);
  });

  test('a synchronous load answers, and throws, synchronously', () => {
    const flights = new SingleFlight<number>();
    const down = new Error('down');

    expect(flights.run('a', () => ({ result: 1 }))).toBe(1);
    expect(() =>
      flights.run('a', () => {
        throw down;
      }),
    ).toThrow(down);
    expect(flights.size).toBe(0);
  });

  test('a thenable of another make is taken as a promise', async () => {
    const flights = new SingleFlight<number>();
    const thenable = { then: (resolve: (value: number) => void) => resolve(7) } as PromiseLike<number>;

    expect(await flights.run('a', () => ({ result: thenable }))).toBe(7);
  });

  // Who calls (with a cancellation or without), who leaves in which order, and whether the load is cancelled then.
  test.each([
    ['alone', ['c'], [0], true],
    ['the last of three', ['c', 'c', 'c'], [1, 0, 2], true],
    ['two of three', ['c', 'c', 'c'], [0, 2], false],
    ['all who can, while one cannot', ['c', '-', 'c'], [0, 2], false],
    ['all who can, while the first cannot', ['-', 'c'], [1], false],
  ])('%s leaves: the load is cancelled only when nobody waits', async (_, callers, leavers, isCancelled) => {
    const flights = new SingleFlight<string>();
    const { load, cancel, resolve } = loading();
    const waiting = callers.map((kind) => ({ ...caller(), kind }));
    const answers = waiting.map(({ kind, cancellation }) =>
      flights.run('a', load, kind === 'c' ? cancellation : undefined),
    );
    const left = leavers.map((index) => expect(answers[index]).rejects.toBe(`left ${index}`));

    for (const index of leavers) waiting[index]?.leave(`left ${index}`);
    await Promise.all(left);

    expect(cancel.mock.calls.map(([reason]) => [reason])).toEqual(isCancelled ? [[`left ${leavers.at(-1)}`]] : []);
    expect(flights.has('a')).toBe(!isCancelled);
    resolve('value');
    const stayed = answers.filter((_answer, index) => !leavers.includes(index));
    expect(await Promise.all(stayed)).toEqual(stayed.map(() => 'value'));
  });

  test('who comes after everybody has left starts a run of its own', async () => {
    const flights = new SingleFlight<string>();
    const { load } = loading();
    const { cancellation, leave } = caller();
    const gone = flights.run('a', load, cancellation);
    leave('bye');
    await expect(gone).rejects.toBe('bye');
    const next = loading();
    const again = flights.run('a', next.load);
    next.resolve('new');

    expect(await again).toBe('new');
  });

  test('a load that has succeeded is not cancelled any more', async () => {
    const flights = new SingleFlight<string>();
    const { load, cancel, resolve } = loading();
    const { cancellation, leave } = caller();
    const answer = flights.run('a', load, cancellation) as Promise<string>;
    answer.catch(() => undefined);
    resolve('value');
    // The load has settled; its callers have not yet been told.
    await Promise.resolve();
    leave('late');
    await Promise.resolve();

    expect(cancel).not.toHaveBeenCalled();
  });

  test('a caller who has left before starts nothing', async () => {
    const flights = new SingleFlight<string>();
    const { load } = loading();
    const { cancellation, leave } = caller();
    leave('bye');

    expect(() => flights.run('a', load, cancellation)).toThrow('bye');
    expect(load).not.toHaveBeenCalled();
    flights.run('a', load);
    await expect(flights.run('a', load, cancellation)).rejects.toBe('bye');
  });

  test('the last one, who holds something for the load, hears of its end', async () => {
    const flights = new SingleFlight<string>();
    const { load, resolve } = loading();
    const { cancellation, leave } = caller();
    const told = vi.fn();
    const call = flights.run('a', load, { ...cancellation, cancelled: false, holds: true }) as Promise<string>;
    call.catch(told);
    leave('bye');
    await Promise.resolve();
    expect(told).not.toHaveBeenCalled();
    resolve('late');

    await expect(call).rejects.toBe('bye');
  });

  test('a caller who leaves while the load starts cancels it', async () => {
    const flights = new SingleFlight<string>();
    const { load, cancel } = loading();
    const { cancellation, leave } = caller();
    const answer = flights.run(
      'a',
      () => {
        leave('during');
        return load();
      },
      cancellation,
    );

    await expect(answer).rejects.toBe('during');
    expect(cancel.mock.calls[0]?.[0]).toBe('during');
  });

  test('a run that is forgotten answers those who wait, and nobody else', async () => {
    const flights = new SingleFlight<string>();
    const old = loading();
    const waiting = flights.run('a', old.load);
    flights.forget('a');
    const next = loading();
    const later = flights.run('a', next.load);
    old.resolve('old');
    next.resolve('new');

    expect([await waiting, await later]).toEqual(['old', 'new']);
  });

  test('a run that is forgotten while it starts is shared by nobody', async () => {
    const flights = new SingleFlight<string>();
    const { load, resolve } = loading();
    const first = flights.run('a', () => {
      flights.forget('a');
      return load();
    });
    resolve('old');

    expect(await flights.run('a', () => ({ result: Promise.resolve('new') }))).toBe('new');
    expect(await first).toBe('old');
  });
});
