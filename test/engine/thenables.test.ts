import { describe, expect, test } from 'vitest';
import { type AnyPolicy, bulkhead, circuitBreaker, fallback, timed } from '../../src/index.js';
import { failureOf, world } from '../policies/world.js';

type Then = (resolve: (value: unknown) => void, reject: (error: unknown) => void) => unknown;

/** Applies a policy to a function that returns what behaves like a promise, and is none. */
function returning(policy: AnyPolicy, then: Then): () => unknown {
  return (policy as unknown as (fn: () => unknown) => () => unknown)(() => ({ then }));
}

const twice: Then = (resolve) => {
  resolve(1);
  resolve(2);
};

describe('what behaves like a promise', () => {
  test('is followed, though its `then` returns nothing', async () => {
    const { own } = world();
    const later: Then = (resolve) => void queueMicrotask(() => resolve(42));

    for (const policy of [timed(own), circuitBreaker(own), bulkhead(own)]) {
      expect(await returning(policy, later)()).toBe(42);
    }
  });

  test('gives one slot back, and fails one call, however often it settles', async () => {
    const { own, registry } = world();
    const slots = bulkhead({ name: 'slots', ...own });
    const hang = slots(() => new Promise(() => {}));
    void hang();
    await returning(slots, twice)();
    expect(registry.limiters.get('slots')?.snapshot()).toMatchObject({ active: 1 });

    const breaker = circuitBreaker({ name: 'x', failureThreshold: 2, ...own });
    const failing = returning(breaker, (_resolve, reject) => [reject(new Error('a')), reject(new Error('b'))]);
    await failureOf(failing);
    expect(registry.breakers.get('x')?.state).toBe('closed');
  });

  test('whose `then` cannot be read is a failure, and holds no slot', async () => {
    const { own, registry } = world();
    const call = bulkhead({ name: 'slots', ...own })(() => ({
      get then(): undefined {
        throw new Error('unreadable');
      },
    }));

    expect(await failureOf(call)).toMatchObject({ message: 'unreadable' });
    expect(registry.limiters.get('slots')?.snapshot()).toMatchObject({ active: 0 });
  });

  test('may be the answer of a fallback', async () => {
    const { own } = world();
    const call = fallback(
      () => ({ then: twice }),
      own,
    )((): unknown => {
      throw new Error('down');
    });

    expect(await call()).toBe(1);
  });
});

test('a function that gives now a promise, now a value, gives its values as they are', async () => {
  const { own } = world();
  const call = timed(own)((later: boolean): number | Promise<number> => (later ? Promise.resolve(1) : 2));

  expect(call(false)).toBe(2);
  expect(await call(true)).toBe(1);
  expect(call(false)).toBe(2);
});
