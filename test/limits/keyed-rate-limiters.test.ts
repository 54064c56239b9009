import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { KeyedRateLimiters } from '../../src/limits/keyed-rate-limiters.js';
import type { RateLimitOptions } from '../../src/limits/rate-limit-options.js';

function familyWith(options: Partial<RateLimitOptions> = {}) {
  const clock = new ManualClock();
  const family = new KeyedRateLimiters({ name: 'tenants', limit: 2, maxKeys: 3, ...options }, { clock });
  return { clock, family };
}

test('each key has a limit of its own', () => {
  const { family } = familyWith();
  expect(['a', 'a', 'a', 'b'].map((key) => family.for(key).tryTake())).toEqual([0, 0, 500, 0]);
});

test('the error names the key', () => {
  const { family } = familyWith({ limit: 1 });
  family.for('acme').take('Mail.send');
  expect(() => family.for('acme').take('Mail.send')).toThrow(
    expect.objectContaining({
      policyName: 'tenants',
      site: 'Mail.send',
      message: expect.stringContaining("for 'acme'"),
    }),
  );
});

test('a key is a text, whatever untyped code gives', () => {
  const { family } = familyWith();
  expect(family.for(7 as unknown as string)).toBe(family.for('7'));
});

describe('past `maxKeys`', () => {
  test('the least recently used key is forgotten', () => {
    const { family } = familyWith();
    for (const key of ['a', 'b', 'c', 'a', 'd']) family.for(key);
    expect(family.keys()).toEqual(['a', 'c', 'd']);
    expect([family.size, family.has('a'), family.has('b')]).toEqual([3, true, false]);
  });

  test('to forget one at rest loses nothing', async () => {
    const { family, clock } = familyWith();
    for (const key of ['a', 'b', 'c']) family.for(key).tryTake();
    await clock.advance(1_000);
    for (const key of ['d', 'e']) family.for(key).tryTake();
    expect(family.snapshot()).toMatchObject({ forgotten: 2, forgottenInUse: 0 });
    expect([0, 0, 0].map(() => family.for('a').tryTake())).toEqual([0, 0, 500]);
  });

  test('to forget one in use may give its key more than its limit, and is counted', () => {
    const { family } = familyWith({ maxKeys: 1 });
    expect([0, 0].map(() => family.for('a').tryTake())).toEqual([0, 0]);
    family.for('b');
    expect(family.for('a').tryTake()).toBe(0);
    expect(family.snapshot()).toMatchObject({ maxKeys: 1, forgotten: 2, forgottenInUse: 1 });
  });

  test('looking is no use: it keeps nobody', () => {
    const { family } = familyWith();
    for (const key of ['a', 'b', 'c']) family.for(key);
    family.has('a');
    family.snapshot();
    family.for('d');
    expect(family.has('a')).toBe(false);
  });
});

test('the snapshot nests the keys, sorted, as JSON', () => {
  const { family } = familyWith();
  expect(family.snapshot()).toEqual({ maxKeys: 3, forgotten: 0, forgottenInUse: 0, keys: {} });
  for (const key of ['b', 'a']) family.for(key).tryTake();
  const snapshot = family.snapshot();
  expect(Object.keys(snapshot.keys)).toEqual(['a', 'b']);
  expect(snapshot.keys['a']).toEqual({ allowed: 1, rejected: 0, limit: 2, intervalMs: 1_000, available: 1 });
  expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
});

test('a family knows its name, its options and their defaults', () => {
  const { family } = familyWith();
  expect(family.name).toBe('tenants');
  expect(family.options).toMatchObject({ limit: 2, burst: 2, maxKeys: 3 });
  expect(new KeyedRateLimiters({ limit: 1 }).snapshot().maxKeys).toBe(10_000);
  expect(family.keys()).toEqual([]);
  expect([family.size, family.has('a')]).toEqual([0, false]);
});
