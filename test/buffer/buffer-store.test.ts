import { describe, expect, test } from 'vitest';
import type { BufferStore, StoredItem } from '../../src/index.js';
import { setUp } from './buffer-set-up.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A store in memory that can be told to fail, or to answer later. */
class FakeStore implements BufferStore<number> {
  items: StoredItem<number>[] = [];
  readonly asked: string[] = [];
  failure: Error | undefined = undefined;
  gate: Promise<unknown> = Promise.resolve();
  closed = false;

  async load(): Promise<readonly StoredItem<number>[]> {
    await this.#answer('load');
    return [...this.items];
  }

  async append(stored: StoredItem<number>) {
    await this.#answer(`append ${stored.item}`);
    if (this.items.every(({ id }) => id !== stored.id)) this.items.push(stored);
  }

  async remove(ids: readonly string[]) {
    await this.#answer(`remove ${ids.length}`);
    this.items = this.items.filter(({ id }) => !ids.includes(id));
  }

  close() {
    this.closed = true;
  }

  get values() {
    return this.items.map(({ item }) => item);
  }

  async #answer(question: string) {
    this.asked.push(question);
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
  }
}

describe('a store', () => {
  test('has what waits, and not what was sent, dropped or cleared', async () => {
    const store = new FakeStore();
    const { buffer } = setUp({ store, maxSize: 3 });
    buffer.enable({ keeps: 'all' });
    for (let item = 1; item <= 5; item++) await buffer.add(item);
    expect(store.values).toEqual([3, 4, 5]);

    await buffer.flush();
    expect(store.values).toEqual([]);
    await buffer.add(6);
    buffer.clear();
    await buffer.close();
    expect(store.values).toEqual([]);
    expect(store.closed).toBe(true);
    expect(buffer.snapshot().unsaved).toBe(0);
  });

  test('has an item before it is acknowledged as buffered', async () => {
    const store = new FakeStore();
    const { buffer } = setUp({ store });
    await buffer.ready;
    buffer.enable({ keeps: 'all' });
    let release = () => {};
    store.gate = new Promise<void>((resolve) => (release = resolve));
    let answer: string | undefined;
    const added = buffer.add(1).then((given) => (answer = given));
    await turn();
    expect(buffer.size).toBe(1);
    expect(buffer.snapshot().unsaved).toBe(1);
    expect(answer).toBeUndefined();
    release();
    await added;

    expect(answer).toBe('buffered');
    expect(store.values).toEqual([1]);
  });

  test('gives what an earlier buffer has left, which is sent first; too many of them go, oldest first', async () => {
    const store = new FakeStore();
    const before = setUp({ store });
    before.buffer.enable({ keeps: 'all' });
    for (let item = 1; item <= 3; item++) await before.buffer.add(item);

    const { buffer, upstream, clock, told } = setUp({ store, maxSize: 3 });
    buffer.enable({ keeps: 'all' });
    await buffer.add(4); // before the store has been read
    await buffer.ready;
    expect(buffer.size).toBe(3);
    expect(told('buffer:restored')).toMatchObject([{ count: 3, size: 3 }]);
    await clock.advance(60_000);

    expect(upstream.sent).toEqual([2, 3, 4]);
    expect(store.values).toEqual([]);
  });

  test('never gets two items under one id, although clock and chance are those of before', async () => {
    const store = new FakeStore();
    const before = setUp({ store });
    before.buffer.enable({ keeps: 'all' });
    for (let item = 1; item <= 3; item++) await before.buffer.add(item);
    const { buffer } = setUp({ store });
    buffer.enable({ keeps: 'all' });
    await buffer.add(4);

    expect(store.values).toEqual([1, 2, 3, 4]);
    expect(new Set(store.items.map(({ id }) => id)).size).toBe(4);
  });

  test('that has not been read yet lets nothing be acknowledged, or overtake what it holds', async () => {
    const store = new FakeStore();
    store.items = [{ id: 'earlier', item: 0 }];
    let release = () => {};
    store.gate = new Promise<void>((resolve) => (release = resolve));
    const { buffer, upstream } = setUp({ store });
    buffer.enable({ keeps: 'all' });
    const added = [buffer.add(1), buffer.add(2)];
    await turn();
    expect(store.asked).toEqual(['load']);
    release();
    await Promise.all(added);
    await buffer.flush();

    expect(upstream.sent).toEqual([0, 1, 2]);
    expect(store.values).toEqual([]);
  });

  test('that fails is told of, and the item waits in memory, acknowledged all the same', async () => {
    const store = new FakeStore();
    const { buffer, upstream, told } = setUp({ store });
    await buffer.ready;
    store.failure = new Error('disk full');
    upstream.down();
    buffer.enable();

    expect(await buffer.add(1)).toBe('buffered');
    expect(buffer.size).toBe(1);
    expect(buffer.snapshot().unsaved).toBe(1);
    expect(told('buffer:storeFailed')).toMatchObject([{ operation: 'append', unsaved: 1, error: store.failure }]);
  });

  test('that works again gets what it has missed with the next flush', async () => {
    const store = new FakeStore();
    const { buffer, upstream } = setUp({ store });
    await buffer.ready;
    buffer.enable({ keeps: 'all' });
    await buffer.add(1);
    store.failure = new Error('disk full');
    await buffer.add(2);
    await buffer.flush(); // 1 and 2 are sent: the removal fails
    expect(store.values).toEqual([1]);
    await buffer.add(3);
    upstream.down();
    store.failure = undefined;
    await buffer.flush();

    expect(store.values).toEqual([3]);
    expect(buffer.snapshot().unsaved).toBe(0);
  });

  test('that cannot be read is told of, and the buffer works without what it held', async () => {
    const store = new FakeStore();
    store.failure = new Error('no such folder');
    const { buffer, told } = setUp({ store });
    await buffer.ready;

    expect(told('buffer:storeFailed')).toMatchObject([{ operation: 'load' }]);
    expect(await buffer.add(1)).toBe('sent');
  });

  test('may be synchronous', async () => {
    const items: StoredItem<number>[] = [];
    const store: BufferStore<number> = {
      load: () => items,
      append: (stored) => void items.push(stored),
      remove: (ids) => void items.splice(0, items.length, ...items.filter(({ id }) => !ids.includes(id))),
    };
    const { buffer } = setUp({ store });
    buffer.enable({ keeps: 'all' });
    await buffer.add(1);
    expect(items).toHaveLength(1);
    await buffer.close();

    expect(items).toEqual([]);
  });

  test('keeps what could not be sent at the end', async () => {
    const store = new FakeStore();
    const { buffer, upstream } = setUp({ store });
    upstream.down();
    buffer.enable();
    await buffer.add(1);
    await buffer.close();

    expect(store.values).toEqual([1]);
    expect(buffer.snapshot()).toMatchObject({ size: 1, flushed: 0 });
  });
});
