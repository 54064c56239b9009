import { describe, expect, test } from 'vitest';
import { cached, invalidates } from '../../src/index.js';
import { failureOf, world } from './world.js';

/** A service with a cached read and a write that makes it outdated. */
function hosts() {
  const here = world();
  class Hosts {
    reads = 0;
    prefix = 'hosts';
    @cached({ name: 'hosts', keyPrefix: 'hosts', ...here.own })
    async read(_id: string): Promise<number> {
      return ++this.reads;
    }
    @invalidates({
      cache: 'hosts',
      pattern(this: Hosts, id: string) {
        return `${this.prefix}:*${id}*`;
      },
      ...here.own,
    })
    async rename(id: string, works = true): Promise<string> {
      if (!works) throw new Error('down');
      return id;
    }
  }
  return { ...here, service: new Hosts() };
}

test('after the call has succeeded the matching entries go, and no others', async () => {
  const { service } = hosts();
  await service.read('web1');
  await service.read('web2');

  expect(await service.rename('web1')).toBe('web1');
  await service.read('web1');
  await service.read('web2');
  expect(service.reads).toBe(3);
});

test('after a call that failed nothing goes', async () => {
  const { service } = hosts();
  await service.read('web1');
  await failureOf(() => service.rename('web1', false));
  await service.read('web1');

  expect(service.reads).toBe(1);
});

test('the event tells which call was the reason', async () => {
  const { service, hear } = hosts();
  const heard = hear('cache:invalidated');
  await service.read('web1');
  await service.rename('web1');

  expect(heard).toMatchObject([
    {
      kind: 'cached',
      name: 'hosts',
      pattern: 'hosts:*web1*',
      count: 1,
      owner: 'Hosts.rename',
      reason: "'Hosts.rename' succeeded",
    },
  ]);
});

test('a cache that does not exist yet has no entries', async () => {
  const { own } = world();

  expect(await invalidates({ cache: 'nobody', pattern: '*', ...own })(async () => 1)()).toBe(1);
});

test('a load under way when the call succeeds is not kept', async () => {
  const { own } = world();
  const finish: ((value: string) => void)[] = [];
  const read = cached({ name: 'hosts', ...own })(() => new Promise<string>((resolve) => finish.push(resolve)));
  const first = read();
  await invalidates({ cache: 'hosts', pattern: '*', ...own })(async () => {})();
  finish[0]?.('old');
  await first;
  void read();

  expect(finish).toHaveLength(2);
});

describe('a pattern function', () => {
  test('that gives no text ends the call with a TypeError', async () => {
    const { own } = world();
    const call = invalidates({ cache: 'c', pattern: () => 5 as unknown as string, ...own })(async () => 1);

    expect(await failureOf(call)).toMatchObject({
      message: 'invalidates: `pattern` must give a text, got 5',
    });
  });
});

test('a synchronous function stays synchronous', () => {
  const { own, registry } = world();
  let reads = 0;
  const read = cached({ name: 'c', ...own })(() => ++reads);
  const write = invalidates({ cache: 'c', pattern: '*', ...own })(() => 'written');
  read();

  expect(write()).toBe('written');
  expect([read(), registry.caches.get('c')?.snapshot()]).toMatchObject([2, { size: 1 }]);
});
