import { expect, test } from 'vitest';
import { type BookedCall, judge, runLoad, type Side } from '../../examples/main-job/load.js';
import type { Answer, QuoteService } from '../../examples/main-job/quotes.js';
import { Tally } from '../../examples/main-job/tally.js';

test.each<[string, Partial<Answer>, string]>([
  ['came after the call began', { receivedAt: 1_000 }, 'fresh'],
  ['is older than the call, and in its time', { receivedAt: 700 }, 'cached'],
  ['is older than its time', { receivedAt: 400 }, 'stale'],
  ['is a fallback’s', { receivedAt: 1_000, source: 'fallback' }, 'fallback'],
])('an answer that %s is judged by what it is', (_, answer, result) => {
  const whole: Answer = { symbol: 'AAPL', price: 1, receivedAt: 0, source: 'upstream', ...answer };

  expect(judge(whole, 1_000, 500)).toBe(result);
});

class Recorder implements QuoteService {
  readonly asked: string[] = [];
  readonly #answer: () => Promise<Answer>;

  constructor(answer: () => Promise<Answer>) {
    this.#answer = answer;
  }

  price(symbol: string): Promise<Answer> {
    return this.#note(`price ${symbol}`);
  }

  depth(symbol: string): Promise<Answer> {
    return this.#note(`depth ${symbol}`);
  }

  placeOrder({ id, symbol }: { id: string; symbol: string }): Promise<Answer> {
    return this.#note(`order ${id} ${symbol}`);
  }

  #note(what: string): Promise<Answer> {
    this.asked.push(what);
    return this.#answer();
  }
}

const side = (answer: () => Promise<Answer>) => {
  const [service, tally] = [new Recorder(answer), new Tally()];
  const booked: BookedCall[] = [];
  const book = (call: BookedCall) => {
    booked.push(call);
    tally.book(call.result, call.durationMs);
  };
  return { service, tally, booked, book, priceTtlMs: 500 } satisfies Side & Record<string, unknown>;
};
const well = () =>
  Promise.resolve<Answer>({ symbol: 'X', price: 1, receivedAt: performance.now(), source: 'upstream' });
const load = { seed: 1, perSecond: 500, totalMs: 200, kinds: 'all' } as const;

test('both sides are asked the same, and each is judged by its own answers', async () => {
  const good = side(well);
  const bad = side(() => Promise.reject(new Error('down')));

  const orders = await runLoad(load, [good, bad], new AbortController().signal);

  expect(good.service.asked.length).toBeGreaterThan(50);
  expect(bad.service.asked).toEqual(good.service.asked);
  expect(orders).toBe(good.service.asked.filter((what) => what.startsWith('order')).length);
  expect(good.tally.measured()).toMatchObject({ calls: good.service.asked.length, successRatio: 1 });
  expect(bad.tally.measured()).toMatchObject({ calls: bad.service.asked.length, succeeded: 0, successRatio: 0 });
  expect(new Set(good.booked.map(({ kind }) => kind))).toEqual(new Set(['price', 'depth', 'order']));
  expect(bad.booked.every(({ error }) => (error as Error).message === 'down')).toBe(true);
});

test('when it is ended it leaves at once, and what has not settled is not counted', async () => {
  const stop = new AbortController();
  const hanging = side(() => {
    stop.abort();
    return new Promise(() => {});
  });
  const good = side(well);

  await runLoad({ ...load, totalMs: 60_000 }, [good, hanging], stop.signal);

  expect(hanging.tally.measured().calls).toBe(0);
  expect(good.service.asked.length).toBeLessThanOrEqual(1);
});
