import { describe, expect, test } from 'vitest';
import { applyConfig, type ConfigObject } from '../../../src/edges/config/index.js';
import { ManualClock } from '../../../src/edges/testing/index.js';
import {
  BatchProcessor,
  Cache,
  CachingMixin,
  mixin,
  Registry,
  SendBuffer,
  StreamingMixin,
  streamPages,
} from '../../../src/index.js';

function rig(config: ConfigObject = {}) {
  const clock = new ManualClock();
  const registry = new Registry({ clock, random: () => 0.5 });
  const apply = (next: ConfigObject) => applyConfig(next, { registry, env: {} });
  apply(config);
  return { clock, registry, apply };
}

/** The page sizes that a source is asked for. */
function source() {
  const limits: number[] = [];
  const fetchPage = async ({ limit }: { limit: number }) => {
    limits.push(limit);
    return [] as number[];
  };
  return { limits, fetchPage };
}

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const batch of stream) void batch;
}

describe('streams of pages', () => {
  test('take the section, unless code says otherwise; a name goes before code', async () => {
    const { registry, apply } = rig({ streaming: { default_batch_size: 500 } });
    const { limits, fetchPage } = source();
    await drain(streamPages(fetchPage, { registry }));
    await drain(streamPages(fetchPage, { registry, batchSize: 7 }));
    apply({ streaming: { default_batch_size: 50 }, policies: { hosts: { streamPages: { batchSize: 9 } } } });
    await drain(streamPages(fetchPage, { registry }));
    await drain(streamPages(fetchPage, { registry, batchSize: 7, name: 'hosts' }));

    expect(limits).toEqual([500, 7, 50, 9]);
  });

  test('that are resumed keep the page size of their checkpoint', async () => {
    const { registry } = rig({ streaming: { default_batch_size: 500 } });
    const { limits, fetchPage } = source();
    await drain(streamPages(fetchPage, { registry, resumeFrom: { batchSize: 20, page: 2 } }));

    expect(limits).toEqual([20]);
  });

  test('of a service class take the section where neither class nor instance has set a size', async () => {
    const { registry } = rig({ streaming: { default_batch_size: 500 } });
    const { limits, fetchPage } = source();
    class Plain extends mixin(class {}, StreamingMixin) {}
    class Sized extends mixin(class {}, StreamingMixin) {
      static override defaultBatchSize = 100;
    }
    const set = new Plain();
    set.defaultBatchSize = 100;
    for (const service of [new Plain(), new Sized(), set])
      await drain(service.streamPaginated(fetchPage, { registry }));

    expect(limits).toEqual([500, 100, 100]);
  });
});

describe('a batch processor', () => {
  test('takes the section, and other limits for the batches that begin after a change', async () => {
    const { clock, registry, apply } = rig({ batch_processing: { max_concurrent: 2, rate_limit: 'Infinity' } });
    const processor = new BatchProcessor<number, void>({ registry });
    let running = 0;
    const peaks: number[] = [];
    const run = async () => {
      let peak = 0;
      const batch = processor.process([1, 2, 3, 4, 5, 6], async () => {
        peak = Math.max(peak, ++running);
        await new Promise<void>((resolve) => void clock.setTimeout(() => resolve(), 10));
        running--;
      });
      await clock.advance(100);
      await batch;
      peaks.push(peak);
    };
    await run();
    const report = apply({ batch_processing: { max_concurrent: 3, rate_limit: 'Infinity' } });
    await run();

    expect(peaks).toEqual([2, 3]);
    expect(report).toMatchObject({ changed: [{ path: 'batchProcessing.maxConcurrent', from: 2, to: 3 }], refused: [] });
  });

  test('goes by what is said of its name before its code', () => {
    const { registry } = rig({ policies: { imports: { batchProcessor: { maxConcurrent: 1, retryDelay: 0.2 } } } });
    const processor = new BatchProcessor({ name: 'imports', maxConcurrent: 9, registry });

    expect(processor.options).toMatchObject({ maxConcurrent: 1, retryDelayMs: 200, maxRetries: 3 });
  });
});

describe('a send buffer', () => {
  const down = () => {
    throw new Error('down');
  };

  test('takes the section, and is enabled from the start by a preset that says so', async () => {
    const { registry } = rig({ preset: 'high-reliability' });
    const buffer = new SendBuffer<number>({ name: 'readings', send: down, registry });

    await expect(buffer.add(1)).resolves.toBe('buffered');
    expect(buffer.options.maxSize).toBe(10_000);
  });

  test('drops the oldest when fewer may wait, and keeps the rest', async () => {
    const { registry, apply } = rig({ buffering: { buffer_size: 5, enabled: true } });
    const buffer = new SendBuffer<number>({ name: 'readings', send: down, registry });
    for (const item of [1, 2, 3, 4, 5]) await buffer.add(item);
    const dropped: number[] = [];
    registry.on('buffer:dropped', ({ count }) => dropped.push(count));
    const report = apply({ buffering: { buffer_size: 2, enabled: true } });

    expect(dropped.reduce((sum, count) => sum + count, 0)).toBe(3);
    expect(buffer.snapshot()).toMatchObject({ size: 2, maxSize: 2 });
    expect(report.refused).toEqual([]);
  });

  test('flushes by the new interval what waited for ever', async () => {
    const { clock, registry, apply } = rig({ buffering: { flushIntervalMs: 'Infinity', enabled: true } });
    const sent: number[] = [];
    let isUp = false;
    const send = (item: number) => (isUp ? sent.push(item) : down());
    const buffer = new SendBuffer<number>({ name: 'readings', send, registry });
    await buffer.add(1);
    isUp = true;
    apply({ buffering: { flush_interval: 2, enabled: true } });
    await clock.advance(2_000);

    expect(sent).toEqual([1]);
  });

  test('is enabled by a change, and not disabled by one', () => {
    const { registry, apply } = rig();
    const buffer = new SendBuffer<number>({ name: 'readings', send: down, registry });
    expect(buffer.enabled).toBe(false);
    apply({ buffering: { enabled: true } });
    expect(buffer.enabled).toBe(true);
    apply({});

    expect(buffer.enabled).toBe(true);
  });

  test('cannot say itself that it is enabled', () => {
    const options = { name: 'readings', send: down, enabled: true };

    expect(() => new SendBuffer<number>(options as never)).toThrow('unknown option `enabled`');
    expect(() => new SendBuffer<number>(null as never)).toThrow(TypeError);
  });

  test('keeps its store', () => {
    const store = { load: () => [], append: () => {}, remove: () => {} } as never;
    const buffer = new SendBuffer<number>({ send: down, store });

    expect(() => buffer.reconfigure({ send: down })).toThrow('`store` cannot change');
  });
});

describe('a cache and a collector', () => {
  test('take the section, and what is said of their name', () => {
    const { registry } = rig({
      caching: { max_size: 5, default_ttl: 2 },
      metrics: { retention_hours: 1 },
      policies: { hosts: { cache: { ttlMs: 9 } } },
    });

    expect(new Cache({ name: 'hosts', ttlMs: 7, registry }).options).toMatchObject({ maxEntries: 5, ttlMs: 9 });
    expect(new Cache({ registry, ttlMs: 7 }).options).toMatchObject({ maxEntries: 5, ttlMs: 7 });
    class Service extends mixin(class {}, CachingMixin) {
      static override cacheOptions = { registry, maxEntries: 3 };
    }
    expect(new Service().cache.options).toMatchObject({ maxEntries: 3, ttlMs: 2_000 });
  });

  test('take a change at the next start, and say so', () => {
    const { registry, apply } = rig({ metrics: { max_names: 1 } });
    const caches = [new Cache({ name: 'hosts', registry })];
    for (const name of ['first', 'second']) registry.calls.recordTiming(name, 5);
    expect(Object.keys(registry.metrics.snapshot()['calls'] as object)).toEqual(['first', 'other']);
    const { refused, changed } = apply({ metrics: { max_names: 2 }, caching: { ttlMs: 1 } });

    expect(caches).toHaveLength(1);
    expect(changed).toEqual([]);
    expect(refused.map(({ path, reason }) => [path, reason.slice(0, 28)])).toEqual([
      ['caching.ttlMs', "cache 'hosts': it keeps a st"],
      ['metrics.maxNames', "metricsCollector 'calls': it"],
    ]);
  });
});
