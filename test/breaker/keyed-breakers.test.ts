import { describe, expect, test } from 'vitest';
import type { BreakerAct, BreakerTransition } from '../../src/breaker/breaker-events.js';
import type { CircuitBreakerOptions } from '../../src/breaker/breaker-options.js';
import { KeyedBreakers } from '../../src/breaker/keyed-breakers.js';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { DOWN } from './bench.js';

function family(options: CircuitBreakerOptions = {}) {
  const clock = new ManualClock();
  const acts: BreakerAct[] = [];
  const transitions: BreakerTransition[] = [];
  const breakers = new KeyedBreakers(
    { name: 'hosts', failureThreshold: 1, ...options },
    { clock, onAct: (act) => void acts.push(act), onTransition: (change) => void transitions.push(change) },
  );
  const fail = (key: string) => breakers.for(key).fail(breakers.for(key).acquire(), DOWN);
  return { breakers, clock, acts, transitions, fail };
}

describe('a family of breakers', () => {
  test('has one for each key, that opens alone', () => {
    const { breakers, fail, transitions } = family();

    fail('eu');

    expect(breakers.for('eu')).toBe(breakers.for('eu'));
    expect(breakers.for('eu').state).toBe('open');
    expect(breakers.for('us').state).toBe('closed');
    expect(transitions[0]).toMatchObject({ name: 'hosts', key: 'eu', to: 'open' });
  });

  test('names the key in the error, and the family as the policy', () => {
    const { breakers, fail } = family();
    fail('eu');

    expect(breakers.for('eu').tryAcquire()).toMatchObject({
      policyName: 'hosts',
      message: "'hosts' for 'eu' is open after 1 failure in a row; try again in 60 000 ms",
    });
  });

  test('shares options, checked once', () => {
    const { breakers } = family({ key: String });

    expect(breakers.for('a').options).toBe(breakers.options);
    expect(breakers.options.maxKeys).toBe(1_000);
    expect(breakers.name).toBe('hosts');
    expect(() => new KeyedBreakers({ maxKeys: 0 })).toThrow('`maxKeys`');
  });

  test('keeps at most maxKeys: the least recently used is forgotten, and begins anew', () => {
    const { breakers, fail } = family({ maxKeys: 2 });
    fail('a');
    fail('b');
    breakers.for('a');
    breakers.for('c');

    expect(breakers.keys()).toEqual(['a', 'c']);
    expect(breakers.size).toBe(2);
    expect(breakers.has('b')).toBe(false);
    expect(breakers.for('a').state).toBe('open');
    expect(breakers.snapshot().forgotten).toBe(1);
    expect(breakers.for('b').state).toBe('closed');
  });

  test('keeps 1 000 keys without being told', () => {
    const { breakers } = family();
    for (let key = 0; key < 1_001; key++) breakers.for(`k${key}`);

    expect(breakers.size).toBe(1_000);
  });

  test('takes a key that is no text for its text', () => {
    const { breakers } = family();

    expect(breakers.for(7 as never)).toBe(breakers.for('7'));
  });

  test('shows its keys in order, as JSON, whatever they are called', () => {
    const { breakers, fail } = family();
    expect(breakers.snapshot()).toMatchObject({
      maxKeys: 1_000,
      forgotten: 0,
      keys: {},
      state: 'closed',
      totalCalls: 0,
    });
    fail('b');
    fail('__proto__');
    breakers.for('a');

    const snapshot = breakers.snapshot();

    expect(Object.keys(snapshot.keys)).toEqual(['__proto__', 'a', 'b']);
    expect(snapshot.keys.b).toMatchObject({ state: 'open', failedCalls: 1 });
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  });

  test('looked at, keeps the order in which its keys were used', () => {
    const { breakers } = family({ maxKeys: 2 });
    breakers.for('a');
    breakers.for('b');

    breakers.snapshot();
    breakers.has('a');
    breakers.for('c');

    expect(breakers.keys()).toEqual(['b', 'c']);
  });
});

describe('an act on a family', () => {
  test.each([
    ['isolate', 'isolated'],
    ['disable', 'disabled'],
    ['shadow', 'shadow'],
  ] as const)('%s reaches all breakers, those to come too, until release', (act, state) => {
    const { breakers, acts } = family();
    breakers.for('old');

    breakers[act]({ owner: 'ops', reason: 'drill' });
    expect([breakers.for('old').state, breakers.for('new').state]).toEqual([state, state]);
    expect(acts.map(({ key, to }) => [key, to])).toEqual([
      [undefined, state],
      ['old', state],
    ]);
    expect(breakers.for('new').snapshot().override).toMatchObject({ owner: 'ops', reason: 'drill' });
    breakers.release();

    expect(breakers.for('old').state).toBe('closed');
    expect(breakers.for('new').state).toBe('closed');
    expect(breakers.for('newest').state).toBe('closed');
  });

  test('ends with its ttlMs, for those to come too', () => {
    const { breakers, clock, transitions } = family();
    breakers.isolate({ ttlMs: 1_000 });
    breakers.for('a');
    void clock.advance(1_000);

    expect(breakers.for('a').state).toBe('closed');
    breakers.for('b').acquire();

    expect(breakers.for('b').state).toBe('closed');
    expect(transitions).toEqual([]);
  });

  test('keeps nobody from being forgotten: who comes back is born under it', () => {
    const { breakers } = family({ maxKeys: 2 });
    breakers.for('old');
    breakers.isolate();
    for (const key of ['a', 'b', 'c']) breakers.for(key);

    expect(breakers.size).toBe(2);
    expect(breakers.for('old').state).toBe('isolated');
  });

  test('reset closes all', () => {
    const { breakers, fail } = family();
    fail('a');
    fail('b');

    breakers.reset();

    expect(breakers.for('a').state).toBe('closed');
    expect(breakers.for('b').state).toBe('closed');
  });
});

describe('a breaker that somebody has acted on', () => {
  test('is kept until that ends, however many keys come', () => {
    const { breakers } = family({ maxKeys: 2 });
    const bad = breakers.for('bad');
    bad.isolate();
    for (const key of ['a', 'b', 'c']) breakers.for(key);

    expect(breakers.snapshot().forgotten).toBe(1);
    expect(breakers.for('bad')).toBe(bad);
    bad.release();
    for (const key of ['a', 'b', 'c']) breakers.for(key);

    expect(breakers.has('bad')).toBe(false);
  });

  test('is kept until its ttlMs is over', () => {
    const { breakers, clock } = family({ maxKeys: 2 });
    const bad = breakers.for('bad');
    bad.isolate({ ttlMs: 1_000 });
    for (const key of ['a', 'b', 'c']) breakers.for(key);
    void clock.advance(1_000);
    breakers.for('bad').acquire();
    for (const key of ['a', 'b', 'c']) breakers.for(key);

    expect(breakers.has('bad')).toBe(false);
  });

  test('is let go by an act on all', () => {
    const { breakers } = family({ maxKeys: 2 });
    breakers.for('bad').isolate();
    breakers.release();
    for (const key of ['a', 'b', 'c']) breakers.for(key);

    expect(breakers.has('bad')).toBe(false);
  });
});
