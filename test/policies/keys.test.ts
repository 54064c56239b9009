import { describe, expect, test } from 'vitest';
import { batched, cached, circuitBreaker, coalesce, rateLimit, type RateLimitStore } from '../../src/index.js';
import { failureOf, world } from './world.js';

const store: RateLimitStore = { take: async () => ({ allowed: true, retryAfterMs: 0 }) };

type Keyed = (options: object) => (fn: (ids: number[]) => Promise<number[]>) => (ids: number[]) => Promise<number[]>;

/** Every policy that tells calls apart by a key of the user's own. */
const keyed = {
  cached,
  coalesce,
  batched,
  circuitBreaker,
  rateLimit: (options: object) => rateLimit({ limit: 5, ...options }),
  'rateLimit with a store': (options: object) => rateLimit({ limit: 5, store, ...options }),
} as unknown as Record<string, Keyed>;

describe.each(Object.entries(keyed))('%s', (title, make) => {
  test.each<[shown: string, given: unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['5', 5],
    ['an object', {}],
    ['an array', ['a']],
    ['an object', Promise.resolve('a')],
  ])('refuses a key that is no text, and says what it got: %s', async (shown, given) => {
    const { registry } = world();
    let runs = 0;
    const call = make({ key: () => given, registry })(async (ids) => {
      runs++;
      return ids;
    });

    const failure = await failureOf(async () => call([1]));
    expect(failure).toBeInstanceOf(TypeError);
    expect(failure).toMatchObject({ message: `${title.split(' ')[0]}: \`key\` must give a text, got ${shown}` });
    expect(runs).toBe(0);
  });

  test('takes every text, the empty one too', async () => {
    const { clock, registry } = world();
    const answer = make({ key: () => '', registry })(async (ids) => ids)([1]);
    await clock.advance(1_000);

    expect(await answer).toEqual([1]);
  });
});
