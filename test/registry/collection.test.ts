import { describe, expect, test } from 'vitest';
import { Collection, type Entry, type EntryRequest } from '../../src/registry/collection.js';

interface Counter extends Entry {
  readonly name: string;
  closed: boolean;
}

function counter(name: string): Counter {
  const entry: Counter = {
    name,
    closed: false,
    snapshot: () => ({ name }),
    close() {
      entry.closed = true;
    },
  };
  return entry;
}

const request = (request: Partial<EntryRequest<Counter>>): EntryRequest<Counter> => ({
  kind: 'counter',
  name: { given: 'c' },
  options: {},
  make: counter,
  ...request,
});

describe('a given name', () => {
  const same = () => 1;
  const date = new Date(0);

  test.each<[string, object, object]>([
    ['nothing', {}, {}],
    ['plain values', { ms: 5, word: 'a', no: false }, { no: false, word: 'a', ms: 5 }],
    ['NaN', { ms: Number.NaN }, { ms: Number.NaN }],
    ['nested plain objects', { window: { type: 'count', size: 5 } }, { window: { size: 5, type: 'count' } }],
    ['arrays', { list: [1, { a: 2 }] }, { list: [1, { a: 2 }] }],
    ['the same function', { key: same }, { key: same }],
    ['the same instance', { store: date }, { store: date }],
    ['undefined and not given', { ms: undefined }, {}],
    ['an object without a prototype', { a: Object.assign(Object.create(null), { b: 1 }) }, { a: { b: 1 } }],
  ])('is shared where options are equal: %s', (_, one, two) => {
    const collection = new Collection<Counter>('counters');

    expect(collection.obtain(request({ options: one }))).toBe(collection.obtain(request({ options: two })));
  });

  test.each<[string, object, object]>([
    ['another value', { ms: 5 }, { ms: 6 }],
    ['a text and a number', { ms: 5 }, { ms: '5' }],
    ['given and not given', { ms: 5 }, {}],
    ['another function with the same text', { key: () => 1 }, { key: () => 1 }],
    ['another instance', { store: new Date(0) }, { store: new Date(0) }],
    ['a longer array', { list: [1] }, { list: [1, 2] }],
    ['deep inside', { window: { size: 5 } }, { window: { size: 6 } }],
    ['null and an object', { window: null }, { window: {} }],
  ])('is taken where they are not: %s', (_, one, two) => {
    const collection = new Collection<Counter>('counters');
    collection.obtain(request({ options: one }));

    expect(() => collection.obtain(request({ options: two }))).toThrow(
      expect.objectContaining({ code: 'ERR_NAME_TAKEN', policy: 'counter', policyName: 'c' }),
    );
  });

  test('is taken by another kind, whatever its options', () => {
    const collection = new Collection<Counter>('counters');
    collection.obtain(request({}));

    expect(() => collection.obtain(request({ kind: 'other' }))).toThrow(
      "other: the name 'c' is taken in registry.counters by a counter, which is of another kind;",
    );
  });

  test('taken by its own kind is said to be so, with the right article', () => {
    const collection = new Collection<Counter>('counters');
    collection.obtain(request({ kind: 'adaptiveLimit', options: { max: 1 } }));

    expect(() => collection.obtain(request({ kind: 'adaptiveLimit', options: { max: 2 } }))).toThrow(
      "adaptiveLimit: the name 'c' is taken in registry.counters by an adaptiveLimit with other options;",
    );
  });

  test('is free again once it was forgotten; who holds the entry keeps it', () => {
    const collection = new Collection<Counter>('counters');
    const first = collection.obtain(request({}));

    expect([collection.forget('c'), collection.forget('c')]).toEqual([true, false]);
    expect(collection.obtain(request({ options: { ms: 1 } }))).not.toBe(first);
    expect(first.closed).toBe(false);
  });
});

describe('a made name', () => {
  test('is never shared: the kind, then a number tells them apart', () => {
    const collection = new Collection<Counter>('counters');
    const made = () => collection.obtain(request({ name: { made: 'Quotes.price' } })).name;

    expect([made(), made(), made(), made()]).toEqual([
      'Quotes.price',
      'Quotes.price#counter',
      'Quotes.price#counter2',
      'Quotes.price#counter3',
    ]);
  });

  test('passes over what somebody has given', () => {
    const collection = new Collection<Counter>('counters');
    for (const given of ['f', 'f#counter', 'f#counter2']) collection.obtain(request({ name: { given } }));

    expect(collection.obtain(request({ name: { made: 'f' } })).name).toBe('f#counter3');
  });

  test('of 10 000 is found without walking all of them', () => {
    const collection = new Collection<Counter>('counters');
    const began = performance.now();
    for (let times = 0; times < 10_000; times++) collection.obtain(request({ name: { made: 'f' } }));

    expect(collection.size).toBe(10_000);
    // Walking all takes seconds.
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe('looking', () => {
  const filled = () => {
    const collection = new Collection<Counter>('counters');
    for (const given of ['b', 'a', 'c', '__proto__']) collection.obtain(request({ name: { given } }));
    return collection;
  };

  test('get and has find an entry by its name', () => {
    const collection = filled();

    expect(collection.get('a')?.name).toBe('a');
    expect([collection.get('nobody'), collection.has('a'), collection.has('nobody')]).toEqual([undefined, true, false]);
    expect(collection.has('toString')).toBe(false);
    expect(collection.size).toBe(4);
  });

  test('names, iteration and snapshot are sorted', () => {
    const collection = filled();
    const sorted = ['__proto__', 'a', 'b', 'c'];

    expect(collection.names()).toEqual(sorted);
    expect([...collection].map(([name, entry]) => (name === entry.name ? name : 'wrong'))).toEqual(sorted);
    expect(Object.keys(collection.snapshot())).toEqual(sorted);
  });

  test('an entry may go while one walks', () => {
    const collection = filled();
    const seen: string[] = [];
    for (const [name] of collection) {
      seen.push(name);
      collection.forget('b');
    }

    expect(seen).toEqual(['__proto__', 'a', 'c']);
  });
});

test('closing ends each entry, those too that stand behind one that fails', async () => {
  const collection = new Collection<Counter>('counters');
  const bad = collection.obtain(request({ name: { given: 'a' } }));
  bad.close = () => {
    throw new Error('cannot close');
  };
  const good = collection.obtain(request({ name: { given: 'b' } }));

  await expect(collection.close()).rejects.toThrow('cannot close');
  expect(good.closed).toBe(true);
});
