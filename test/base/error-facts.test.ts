import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classify } from '../../src/base/classify.js';
import { factsOf, networkCodeOf, retryAfterOf, statusOf } from '../../src/base/error-facts.js';
import { circuitBreaker, deadLetter, fallback, retryWithBackoff, timed } from '../../src/index.js';
import { world } from '../policies/world.js';

const MEMBERS = ['name', 'message', 'code', 'cause', 'errors', 'status', 'statusCode', 'response', 'headers', 'get'];
const TRAPS = ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor'] as const;

const thrower = (): never => {
  throw new Error('hostile');
};

const bases = {
  error: () => new Error('x'),
  array: () => [],
  plain: () => ({}),
  bare: () => Object.create(null) as object,
};
const values: Record<string, unknown> = {
  null: null,
  number: 404,
  digits: '5',
  code: 'ECONNRESET',
  symbol: Symbol('s'),
  function: thrower,
  unprintable: { toString: thrower },
};

/** What can be thrown and does not want to be looked at; a description of it, for the generator looks at what it makes. */
type Hostile =
  | { is: 'revoked' }
  | { is: 'proxy'; of: keyof typeof bases; throwing: (typeof TRAPS)[number][] }
  | { is: 'object'; of: keyof typeof bases; held: Record<string, 'throws' | Hostile | keyof typeof values> };

const base = fc.constantFrom(...(Object.keys(bases) as (keyof typeof bases)[]));
const { hostile } = fc.letrec<{ hostile: Hostile; member: 'throws' | Hostile | keyof typeof values }>((tie) => ({
  member: fc.oneof({ maxDepth: 3 }, fc.constantFrom('throws', ...Object.keys(values)), tie('hostile')),
  hostile: fc.oneof(
    { maxDepth: 3 },
    fc.record({ is: fc.constant('revoked') }),
    fc.record({ is: fc.constant('proxy'), of: base, throwing: fc.subarray([...TRAPS]) }),
    fc.record({
      is: fc.constant('object'),
      of: base,
      held: fc.dictionary(fc.constantFrom(...MEMBERS), tie('member')),
    }),
  ) as fc.Arbitrary<Hostile>,
}));

function made(what: Hostile): object {
  if (what.is === 'revoked') {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    return proxy;
  }
  const target = bases[what.of]();
  if (what.is === 'proxy') return new Proxy(target, Object.fromEntries(what.throwing.map((trap) => [trap, thrower])));
  for (const [name, held] of Object.entries(what.held)) {
    const value = typeof held === 'string' ? values[held] : made(held);
    const property = held === 'throws' ? { get: thrower } : { value };
    Object.defineProperty(target, name, { ...property, configurable: true, enumerable: true });
  }
  return target;
}

describe('whatever was thrown', () => {
  test('looking at it never throws', () => {
    fc.assert(
      fc.property(hostile, (what) => {
        const error = made(what);
        expect(() => [statusOf(error), networkCodeOf(error), retryAfterOf(error, 0), factsOf(error)]).not.toThrow();
        expect(['transient', 'recoverable', 'permanent', 'critical']).toContain(classify(error));
      }),
      { numRuns: 1_000 },
    );
  });

  test('its caller gets it, the same object, through policies that look at it', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (what) => {
        const error = made(what);
        const { clock, registry } = world();
        const own = { registry };
        const call = [
          retryWithBackoff({ ...own, maxAttempts: 2, baseDelayMs: 1, maxDelayMs: 1 }),
          circuitBreaker(own),
          deadLetter(own),
          timed(own),
          fallback.value(0, { when: () => false, ...own }),
        ].reduce<() => Promise<number>>(
          (fn, policy) => (policy as (fn: () => Promise<number>) => () => Promise<number>)(fn),
          async () => {
            throw error;
          },
        );
        const outcome = call().then(
          () => 'answered',
          (thrown: unknown) => thrown === error,
        );
        await clock.advance(10);

        expect(await outcome).toBe(true);
      }),
    );
  });
});

test.each<[string, object]>([
  ['response', { headers: { 'retry-after': '2' } }],
  ['headers', { response: { headers: { 'Retry-After': '2' } } }],
  ['retryAfterMs', { headers: new Map([['retry-after', '2']]) }],
])('what stands beside a `%s` that cannot be read is read', (hidden, held) => {
  const error = Object.defineProperty({ ...held }, hidden, { get: thrower, enumerable: true });

  expect(retryAfterOf(error, 0)).toBe(2_000);
});

test('an error is judged by what can be read of it', () => {
  const error = Object.defineProperty(Object.assign(new Error('x'), { status: 404 }), 'code', { get: thrower });

  expect(classify(error)).toBe('permanent');
});

test('an error whose `response` cannot be read is the one that the caller of a retry gets', async () => {
  const error = Object.defineProperty(new Error('mine'), 'response', { get: thrower });
  const { clock, registry } = world();
  const fails = retryWithBackoff({ maxAttempts: 2, registry })(async () => {
    throw error;
  });
  const outcome = fails().catch((thrown: unknown) => thrown);
  await clock.advance(2_000);

  expect(await outcome).toBe(error);
});
