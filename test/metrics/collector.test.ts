import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { Collector } from '../../src/metrics/collector.js';
import type { CollectorOptions } from '../../src/metrics/collector-options.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function setUp(options: CollectorOptions = {}, start = { nowMs: 0 }) {
  const clock = new ManualClock(start);
  return { clock, collector: new Collector(options, { clock }) };
}

describe('Collector', () => {
  test('knows timings, counters and gauges by name', () => {
    const { collector } = setUp({ name: 'api' });
    collector.recordTiming('list', 10);
    collector.recordTiming('list', 20, { success: false });
    collector.recordTiming('get', 5);
    collector.increment('created');
    collector.increment('created', 2);
    collector.gauge('connections', 25);
    collector.gauge('connections', 24);

    expect(collector.stats()).toMatchObject({
      name: 'api',
      totalCalls: 3,
      errors: 1,
      errorRate: 1 / 3,
      requestRatePerSecond: 3 / 60,
      timings: { get: { totalCalls: 1, avgMs: 5 }, list: { totalCalls: 2, errors: 1, avgMs: 15 } },
      counters: { created: 3 },
      gauges: { connections: 24 },
      foldedNames: 0,
    });
  });

  test('request rate and error rate are of the last minute, over all names', async () => {
    const { clock, collector } = setUp();
    collector.recordTiming('a', 1, { success: false });
    await clock.advance(90_000);
    for (let call = 0; call < 30; call++) collector.recordTiming(call < 15 ? 'a' : 'b', 1, { success: call > 2 });

    expect(collector.stats()).toMatchObject({ requestRatePerSecond: 0.5, errorRate: 0.1, totalCalls: 31, errors: 4 });
  });

  test('without any timing its rates are 0', () => {
    expect(setUp().collector.stats()).toMatchObject({ requestRatePerSecond: 0, errorRate: 0, timings: {} });
  });

  test('its snapshot is plain JSON with sorted names, whatever they are called', () => {
    const { collector } = setUp();
    for (const name of ['b', '__proto__', 'a', 'constructor']) collector.recordTiming(name, 1);

    const snapshot = collector.snapshot();

    expect(Object.keys(snapshot)).toEqual(['__proto__', 'a', 'b', 'constructor']);
    expect(JSON.parse(JSON.stringify(collector.stats()))).toEqual(collector.stats());
  });

  test('works with the clock of the machine', () => {
    const collector = new Collector();
    collector.recordTiming('a', 1);

    expect(collector.stats()).toMatchObject({ name: 'metrics', totalCalls: 1 });
    collector.close();
  });
});

describe('series', () => {
  test('records into the name it was asked for', () => {
    const { collector } = setUp();
    const series = collector.series('Quotes.price');
    series.record(5, true, 0);
    series.count('slowCalls', 0);
    collector.recordTiming('Quotes.price', 7);

    expect(collector.snapshot()['Quotes.price']).toMatchObject({ totalCalls: 2, slowCalls: 1 });
    expect(collector.stats().slowCalls).toBe(1);
    expect(collector.series('Quotes.price')).toBe(series);
  });

  test('the name is there before anything is recorded, and stays when all is forgotten', async () => {
    const { clock, collector } = setUp();
    const series = collector.series('Quotes.price');
    expect(collector.snapshot()['Quotes.price']).toMatchObject({ totalCalls: 0 });

    series.record(5, true, 0);
    await clock.advance(3 * DAY);
    expect(collector.snapshot()['Quotes.price']).toMatchObject({ totalCalls: 0 });

    series.record(5, true, clock.now());
    expect(collector.snapshot()['Quotes.price']).toMatchObject({ totalCalls: 1 });
  });

  test('a forgotten name is gone, and its counter and gauge with it', () => {
    const { collector } = setUp({ maxNames: 1 });
    collector.series('a');
    collector.increment('a');
    collector.gauge('a', 1);
    collector.forget('a');
    collector.forget('never seen');

    expect(collector.stats()).toMatchObject({ timings: {}, counters: {}, gauges: {} });
  });
});

describe('tags', () => {
  test('a tagged timing counts under its name and under its tags, whatever their order', () => {
    const { collector } = setUp();
    collector.recordTiming('list', 10, { tags: { region: 'eu', cached: true } });
    collector.recordTiming('list', 20, { tags: { cached: true, region: 'eu' }, success: false });
    collector.recordTiming('list', 30, { tags: { region: 'us' } });
    collector.recordTiming('list', 40, { tags: {} });

    expect(collector.snapshot().list).toMatchObject({
      totalCalls: 4,
      byTags: { 'cached=true,region=eu': { totalCalls: 2, errors: 1, avgMs: 15 }, 'region=us': { totalCalls: 1 } },
    });
    expect(Object.keys(collector.snapshot().list?.byTags ?? {})).toEqual(['cached=true,region=eu', 'region=us']);
  });

  test('no two sets of tags share a text', () => {
    const { collector } = setUp();
    for (const tags of [{ a: '1,b=2' }, { a: '1', b: '2' }, { 'a=1,b': '2' }, { a: '' }]) {
      collector.recordTiming('list', 1, { tags });
    }

    expect(Object.keys(collector.snapshot().list?.byTags ?? {})).toHaveLength(4);
  });

  test('past the bound they are folded into `other`, and counted', () => {
    const { collector } = setUp({ maxTagSets: 2 });
    for (let user = 0; user < 10; user++) collector.recordTiming('list', user, { tags: { user } });
    collector.recordTiming('list', 100, { tags: { user: 0 } });

    const stats = collector.snapshot().list;

    expect(stats?.foldedTimings).toBe(8);
    expect(Object.keys(stats?.byTags ?? {})).toEqual(['other', 'user=0', 'user=1']);
    expect(stats?.byTags?.other).toMatchObject({ totalCalls: 8, minMs: 2, maxMs: 9 });
    expect(stats?.byTags?.['user=0']).toMatchObject({ totalCalls: 2 });
    expect(stats?.totalCalls).toBe(11);
  });

  test('a set of tags that is forgotten leaves its place to another', async () => {
    const { clock, collector } = setUp({ maxTagSets: 1 });
    collector.recordTiming('list', 1, { tags: { user: 1 } });
    await clock.advance(26 * HOUR);
    collector.recordTiming('list', 1, { tags: { user: 2 } });

    expect(Object.keys(collector.snapshot().list?.byTags ?? {})).toEqual(['user=2']);
  });

  test.each([
    ['no object', 5],
    ['null', null],
    ['an object as a value', { user: {} }],
    ['undefined as a value', { user: undefined }],
  ])('%s is refused, and nothing is recorded', (_, tags) => {
    const { collector } = setUp();

    expect(() => collector.recordTiming('list', 1, { tags: tags as never })).toThrow(TypeError);
    expect(() => collector.startTimer('list', { tags: tags as never })).toThrow(TypeError);
    expect(collector.stats().totalCalls).toBe(0);
  });
});

describe('tags of counters and gauges', () => {
  test('a counter counts under its name and under its tags; a gauge with tags is theirs alone', () => {
    const { collector } = setUp();
    collector.increment('made', 2, { tags: { region: 'eu' } });
    collector.increment('made', 1, { tags: { region: 'us' } });
    collector.increment('made');
    collector.gauge('free', 5, { tags: { pool: 'a' } });
    collector.gauge('free', 7, { tags: { pool: 'b' } });
    collector.gauge('load', 0.5);

    expect(collector.stats()).toMatchObject({
      counters: { made: 4 },
      countersByTags: { made: { 'region=eu': 2, 'region=us': 1 } },
      gauges: { load: 0.5 },
      gaugesByTags: { free: { 'pool=a': 5, 'pool=b': 7 } },
    });
    expect(collector.stats().gauges).toEqual({ load: 0.5 });
  });

  test('past the bound a counter is folded into `other`, a gauge is left out, and both are counted', () => {
    const { collector } = setUp({ maxTagSets: 2 });
    for (let user = 0; user < 5; user++) {
      collector.increment('made', 1, { tags: { user } });
      collector.gauge('free', user, { tags: { user } });
    }

    expect(collector.stats()).toMatchObject({
      counters: { made: 5 },
      countersByTags: { made: { other: 3, 'user=0': 1, 'user=1': 1 } },
      gaugesByTags: { free: { 'user=0': 0, 'user=1': 1 } },
      foldedTags: 6,
    });
  });

  test('a set of tags that nobody touches is forgotten', async () => {
    const { clock, collector } = setUp();
    collector.increment('made', 1, { tags: { region: 'eu' } });
    collector.gauge('free', 1, { tags: { pool: 'a' } });
    await clock.advance(20 * HOUR);
    collector.increment('made', 1, { tags: { region: 'us' } });
    await clock.advance(4 * HOUR);

    expect(collector.stats()).toMatchObject({
      counters: { made: 2 },
      countersByTags: { made: { 'region=us': 1 } },
      gaugesByTags: {},
    });
  });

  test('the snapshot has them by name, beside the timings', () => {
    const { collector } = setUp();
    collector.recordTiming('made', 5);
    collector.increment('made', 1, { tags: { region: 'eu' } });
    collector.increment('asked');
    collector.gauge('free', 3);
    collector.gauge('used', 3, { tags: { pool: 'a' } });

    const snapshot = collector.snapshot();

    expect(Object.keys(snapshot)).toEqual(['asked', 'free', 'made', 'used']);
    expect(snapshot).toMatchObject({
      asked: { totalCalls: 0, counter: 1 },
      free: { totalCalls: 0, gauge: 3 },
      made: { totalCalls: 1, counter: 1, counterByTags: { 'region=eu': 1 } },
      used: { gaugeByTags: { 'pool=a': 3 } },
    });
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
    expect(Object.keys(collector.stats().timings)).toEqual(['made']);
  });
});

describe('what is folded', () => {
  test('is told of once for each name, and once for names', () => {
    const events: unknown[] = [];
    const collector = new Collector({ maxNames: 1, maxTagSets: 1 }, { onEvent: (event) => events.push(event) });
    for (let user = 0; user < 5; user++) {
      collector.recordTiming('list', 1, { tags: { user } });
      collector.increment('made', 1, { tags: { user } });
      collector.recordTiming(`/hosts/${user}`, 1);
    }
    collector.close();

    expect(events).toEqual([
      { type: 'folded', of: 'timings', metric: '/hosts/0', bound: 'maxNames', limit: 1 },
      { type: 'folded', of: 'timings', metric: 'list', bound: 'maxTagSets', limit: 1 },
      { type: 'folded', of: 'counters', metric: 'made', bound: 'maxTagSets', limit: 1 },
    ]);
  });

  test('is told of again when the name was forgotten in between', () => {
    const metrics: string[] = [];
    const collector = new Collector({ maxTagSets: 1 }, { onEvent: ({ metric }) => metrics.push(metric) });
    for (const _ of [1, 2]) {
      for (const user of [1, 2, 3]) collector.recordTiming('list', 1, { tags: { user } });
      collector.forget('list');
    }
    collector.close();

    expect(metrics).toEqual(['list', 'list']);
  });

  test('a listener that throws harms nobody', () => {
    const onEvent = () => {
      throw new Error('down');
    };
    const collector = new Collector({ maxNames: 1 }, { onEvent });
    for (const name of ['a', 'b']) collector.recordTiming(name, 1);
    collector.close();

    expect(collector.stats().totalCalls).toBe(2);
  });
});

describe('names', () => {
  test('past the bound timings and counters are folded into `other`, gauges are left out, and all are counted', () => {
    const { collector } = setUp({ maxNames: 2 });
    for (let name = 0; name < 5; name++) {
      collector.recordTiming(`/hosts/${name}`, name);
      collector.increment(`/hosts/${name}`);
      collector.gauge(`/hosts/${name}`, name);
    }

    expect(collector.stats()).toMatchObject({
      timings: { '/hosts/0': { totalCalls: 1 }, '/hosts/1': { totalCalls: 1 }, other: { totalCalls: 3, minMs: 2 } },
      counters: { '/hosts/0': 1, '/hosts/1': 1, other: 3 },
      gauges: { '/hosts/0': 0, '/hosts/1': 1 },
      foldedNames: 9,
    });
  });

  test('names held by a series do not count', () => {
    const { collector } = setUp({ maxNames: 1 });
    for (const name of ['a', 'b', 'a']) collector.series(name);
    collector.recordTiming('c', 1);

    expect(Object.keys(collector.snapshot())).toEqual(['a', 'b', 'c']);
  });

  test.each(['', 5, undefined])('%j is no name', (name) => {
    const { collector } = setUp();

    expect(() => collector.recordTiming(name as string, 1)).toThrow(TypeError);
    expect(() => collector.increment(name as string)).toThrow(TypeError);
    expect(() => collector.gauge(name as string, 1)).toThrow(TypeError);
    expect(() => collector.series(name as string)).toThrow(TypeError);
    expect(() => collector.startTimer(name as string)).toThrow(TypeError);
  });

  test.each(['1', Number.NaN, Infinity, undefined])('%j is no number to record', (value) => {
    const { collector } = setUp();

    expect(() => collector.recordTiming('a', value as number)).toThrow(TypeError);
    expect(() => collector.gauge('a', value as number)).toThrow(TypeError);
    if (value !== undefined) expect(() => collector.increment('a', value as number)).toThrow(TypeError);
  });

  test.each([
    ['recordTiming', { sucess: false }, 'recordTiming: unknown option `sucess`; did you mean `success`?'],
    ['recordTiming', { success: 'no' }, 'recordTiming: `success` takes true or false, got "no"'],
    ['recordTiming', 5, 'recordTiming takes its options as one object, got 5'],
    ['recordTiming', null, 'recordTiming takes its options as one object, got null'],
    ['increment', { tag: {} }, 'increment: unknown option `tag`; did you mean `tags`?'],
    ['increment', null, 'increment takes its options as one object, got null'],
    ['gauge', { unit: 'ms' }, 'gauge: unknown option `unit`; it takes tags'],
    ['gauge', { tags: [] }, 'gauge: `tags` takes an object, got an array'],
    ['gauge', { tags: { a: null } }, 'gauge: tag "a" takes a text, a number or a boolean, got null'],
  ] as const)('%s(name, 1, %j) is refused, and nothing is recorded', (method, options, message) => {
    const { collector } = setUp();

    expect(() => collector[method]('a', 1, options as never)).toThrow(TypeError);
    expect(() => collector[method]('a', 1, options as never)).toThrow(message);
    expect(collector.stats()).toMatchObject({ timings: {}, counters: {}, gauges: {} });
  });

  test('a counter never falls', () => {
    expect(() => setUp().collector.increment('a', -1)).toThrow(RangeError);
  });

  test('a negative duration counts as 0', () => {
    const { collector } = setUp();
    collector.recordTiming('a', -5);

    expect(collector.snapshot().a).toMatchObject({ totalCalls: 1, minMs: 0, avgMs: 0 });
  });
});

describe('retention', () => {
  test('what is older than the time kept is not shown, cleaned up or not', async () => {
    const { clock, collector } = setUp({ cleanupIntervalMs: Infinity });
    collector.recordTiming('a', 1);
    collector.increment('a');
    collector.gauge('a', 1);
    await clock.advance(DAY - 1);
    expect(collector.stats()).toMatchObject({ totalCalls: 1, counters: { a: 1 }, gauges: { a: 1 } });

    await clock.advance(HOUR + 1);

    expect(collector.stats()).toMatchObject({ totalCalls: 0, timings: {}, counters: {}, gauges: {} });
  });

  test.each(['recordTiming', 'increment', 'gauge'] as const)(
    '%s starts the clean-up, which ends when nothing is left',
    async (method) => {
      const { clock, collector } = setUp();
      expect(clock.pendingTimers).toBe(0);
      collector.series('held');
      expect(clock.pendingTimers).toBe(0);
      collector[method]('a', 1);
      expect(clock.pendingTimers).toBe(1);
      await clock.advance(DAY - 1);
      expect(clock.pendingTimers).toBe(1);

      await clock.advance(2 * HOUR);

      expect(clock.pendingTimers).toBe(0);
    },
  );

  test('the clean-up begins again with what is recorded next', async () => {
    const { clock, collector } = setUp();
    const series = collector.series('a');
    series.record(1, true, 0);
    await clock.advance(2 * DAY);
    expect(clock.pendingTimers).toBe(0);

    series.record(1, true, clock.now());

    expect(clock.pendingTimers).toBe(1);
  });

  test('a counter in use is kept', async () => {
    const { clock, collector } = setUp();
    for (let hour = 0; hour < 48; hour++) {
      collector.increment('a');
      await clock.advance(HOUR);
    }

    expect(collector.stats().counters).toEqual({ a: 48 });
  });

  test('closed, it has no timer and still counts', () => {
    const { clock, collector } = setUp();
    collector.recordTiming('a', 1);
    collector.close();
    collector.close();
    collector.recordTiming('b', 1);

    expect(clock.pendingTimers).toBe(0);
    expect(collector.stats().totalCalls).toBe(2);
  });
});

describe('options', () => {
  test('have their defaults filled in, and are frozen', () => {
    const { collector } = setUp();

    expect(collector.options).toEqual({
      name: 'metrics',
      retentionMs: DAY,
      cleanupIntervalMs: HOUR,
      maxTagSets: 100,
      maxNames: 1_000,
    });
    expect(Object.isFrozen(collector.options)).toBe(true);
  });

  test.each([
    ['name', '', RangeError],
    ['name', 5, TypeError],
    ['retentionMs', 0, RangeError],
    ['retentionMs', '1', TypeError],
    ['retentionMs', Number.NaN, RangeError],
    ['cleanupIntervalMs', 0, RangeError],
    ['cleanupIntervalMs', '1', TypeError],
    ['maxTagSets', 0, RangeError],
    ['maxTagSets', 1.5, RangeError],
    ['maxTagSets', '1', TypeError],
    ['maxNames', 0, RangeError],
    ['maxNames', '1', TypeError],
    ['retention', 5, TypeError],
  ])('`%s: %j` is refused', (name, value, error) => {
    expect(() => setUp({ [name]: value })).toThrow(error);
    expect(() => setUp({ [name]: value })).toThrow(name);
  });

  test.each(['retentionMs', 'cleanupIntervalMs', 'maxTagSets', 'maxNames'])('`%s: Infinity` is taken', (name) => {
    const { collector } = setUp({ [name]: Infinity });
    collector.recordTiming('a', 1, { tags: { region: 'eu' } });

    expect(collector.stats().totalCalls).toBe(1);
  });
});
