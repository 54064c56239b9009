import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { Collector } from '../../src/metrics/collector.js';
import { timeContext } from '../../src/metrics/timer.js';

function setUp() {
  const clock = new ManualClock({ nowMs: 1_000 });
  return { clock, collector: new Collector({}, { clock }) };
}

describe('startTimer', () => {
  test('records when its block is left', () => {
    const { clock, collector } = setUp();
    {
      using _timer = collector.startTimer('report', { tags: { format: 'pdf' } });
      void clock.advance(250);
      expect(collector.stats().totalCalls).toBe(0);
    }

    expect(collector.snapshot().report).toMatchObject({
      totalCalls: 1,
      errors: 0,
      avgMs: 250,
      byTags: { 'format=pdf': { totalCalls: 1 } },
    });
  });

  test('records once, however often it is stopped', () => {
    const { clock, collector } = setUp();
    const timer = collector.startTimer('report');
    void clock.advance(100);
    expect(timer.elapsedMs).toBe(100);
    expect(timer.stop()).toBe(100);
    void clock.advance(100);

    expect(timer.stop()).toBe(100);
    expect(timer.elapsedMs).toBe(100);
    expect(collector.snapshot().report).toMatchObject({ totalCalls: 1, avgMs: 100 });
  });

  test('counts as an error when it was told of one', () => {
    const { collector } = setUp();
    const timer = collector.startTimer('report');
    timer.fail();
    timer.stop();

    expect(collector.snapshot().report).toMatchObject({ totalCalls: 1, errors: 1 });
  });
});

describe('timeContext', () => {
  test('times a synchronous function and gives what it returns', () => {
    const { clock, collector } = setUp();

    const result = timeContext(collector, 'work', () => {
      void clock.advance(30);
      return 'done';
    });

    expect(result).toBe('done');
    expect(collector.snapshot().work).toMatchObject({ totalCalls: 1, errors: 0, avgMs: 30 });
  });

  test('hands on what it throws, the same object, and counts an error', () => {
    const { collector } = setUp();
    const down = new Error('down');
    const throws = () => {
      throw down;
    };

    expect(() => timeContext(collector, 'work', throws)).toThrow(down);
    expect(collector.snapshot().work).toMatchObject({ totalCalls: 1, errors: 1 });
  });

  test('times a promise until it settles, and gives the same promise', async () => {
    const { clock, collector } = setUp();
    let settle = (_: string) => {};
    const promise = new Promise<string>((resolve) => (settle = resolve));

    expect(timeContext(collector, 'work', () => promise, { tags: { a: 1 } })).toBe(promise);
    await clock.advance(70);
    expect(collector.stats().totalCalls).toBe(0);
    settle('done');

    expect(await promise).toBe('done');
    expect(collector.snapshot().work).toMatchObject({ avgMs: 70, errors: 0, byTags: { 'a=1': { totalCalls: 1 } } });
  });

  test('counts a rejected promise as an error, and leaves the rejection to the caller alone', async () => {
    const { collector } = setUp();
    const down = new Error('down');

    await expect(timeContext(collector, 'work', () => Promise.reject(down))).rejects.toBe(down);
    expect(collector.snapshot().work).toMatchObject({ totalCalls: 1, errors: 1 });
  });

  test.each([
    ['a value', () => Promise.resolve('rows'), 0],
    ['an error', () => Promise.reject(new Error('down')), 1],
  ])('asks a query builder once for %s', async (_, run, errors) => {
    const outcome: Promise<string> = run();
    const { collector } = setUp();
    let runs = 0;
    const query = { then: (...on: Parameters<typeof outcome.then>) => (runs++, outcome.then(...on)) };

    const [settled] = await Promise.allSettled([timeContext(collector, 'query', () => query)]);

    expect(settled.status).toBe(errors === 0 ? 'fulfilled' : 'rejected');
    expect(runs).toBe(1);
    expect(collector.snapshot().query).toMatchObject({ totalCalls: 1, errors });
  });
});
