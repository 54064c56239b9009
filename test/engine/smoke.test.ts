import { expect, test, describe } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { Registry, timeout, definePolicy, callContext, policiesOf } from '../../src/index.js';

const clock = new ManualClock();
const registry = new Registry({ clock });
const log: string[] = [];
const guard = definePolicy<'guard', { name?: string; tag?: string }>({
  kind: 'guard',
  summary: '',
  options: { name: { takes: 'x', type: () => true }, tag: { takes: 'x', type: () => true } },
  bind: (site, { tag }) => ({
    admit: () => {
      log.push(`in ${tag} ${site.name}`);
      return 1;
    },
    succeeded: (_, v) => {
      log.push(`ok ${tag} ${String(v)}`);
    },
    failed: (_, e) => {
      log.push(`no ${tag} ${String((e as Error).message)}`);
    },
  }),
});
const again = definePolicy<'again', { n?: number }>({
  kind: 'again',
  summary: '',
  options: { n: { takes: 'x', type: () => true } },
  bind: (_site, { n = 3 }) => ({
    answer: async (error, _call, inside) => {
      let last = error;
      for (let k = 2; k <= n; k++) {
        try {
          return await inside.run(k, last).result;
        } catch (e) {
          last = e;
        }
      }
      throw last;
    },
  }),
});

class Quotes {
  base = 10;
  @guard({ registry, tag: 'a' })
  @again({ registry })
  @timeout({ ms: 100, registry })
  @guard({ registry, tag: 'b' })
  async price(x: number): Promise<number> {
    log.push(`run ${callContext().attempt} ${callContext().name}`);
    if (callContext().attempt < 3) throw new Error('bad');
    return x + this.base;
  }
  @guard({ registry, tag: 's' }) sync(x: number): number {
    return x + this.base;
  }
  @timeout({ ms: 50, registry }) hang(): Promise<void> {
    const { signal } = callContext();
    return new Promise(() => {
      signal.addEventListener('abort', () => log.push('aborted'));
    });
  }
  @guard({ registry, tag: 'f' }) field = (x: number) => x + this.base;
  @guard({ registry, tag: 'p' }) #secret(x: number): number {
    return x * 2;
  }
  @guard({ registry, tag: 'acc' }) accessor acc = (x: number) => x * 3;
  @guard({ registry, tag: 'g' }) get twice(): number {
    return this.base * 2;
  }
  @guard({ registry, tag: 'st' }) static make(): string {
    return 'made';
  }
  call(): number {
    return this.#secret(4);
  }
}
describe('engine', () => {
  test('stack', async () => {
    const q = new Quotes();
    expect(await q.price(5)).toBe(15);
    expect(log).toMatchInlineSnapshot(`
      [
        "in a Quotes.price",
        "in b Quotes.price",
        "run 1 Quotes.price",
        "no b bad",
        "in b Quotes.price",
        "run 2 Quotes.price",
        "no b bad",
        "in b Quotes.price",
        "run 3 Quotes.price",
        "ok b 15",
        "ok a 15",
      ]
    `);
    log.length = 0;
    expect(q.sync(1)).toBe(11);
    expect(q.field(1)).toBe(11);
    expect(q.call()).toBe(8);
    expect(q.acc(2)).toBe(6);
    expect(q.twice).toBe(20);
    expect(Quotes.make()).toBe('made');
    expect(log).toMatchInlineSnapshot(`
      [
        "in s Quotes.sync",
        "ok s 11",
        "in f Quotes.field",
        "ok f 11",
        "in p Quotes.#secret",
        "ok p 8",
        "in acc Quotes.acc",
        "ok acc 6",
        "in g Quotes.twice",
        "ok g 20",
        "in st Quotes.make",
        "ok st made",
      ]
    `);
    log.length = 0;
    const p = q.hang();
    const r = expect(p).rejects.toThrow(/within 50/);
    await clock.advance(50);
    await r;
    expect(log).toEqual(['aborted']);
    expect(policiesOf(Quotes.prototype, 'price').map((x) => x.kind)).toEqual(['guard', 'again', 'timeout', 'guard']);
    expect(clock.pendingTimers).toBe(2);
  });
});
