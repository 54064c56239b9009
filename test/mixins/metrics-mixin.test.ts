import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { MetricsMixin } from '../../src/mixins/metrics-mixin.js';
import { mixin } from '../../src/mixins/mixin.js';
import { MetricsCollector, type MetricsCollectorOptions } from '../../src/registry/metrics-collector.js';
import { Registry } from '../../src/registry/registry.js';
import { timedContext } from '../../src/registry/timers.js';

class BaseService {
  readonly url: string = 'http://here';
}

/** A service class with a registry of its own. */
function world(options: MetricsCollectorOptions = {}) {
  const registry = new Registry({ clock: new ManualClock() });
  class HostService extends mixin(BaseService, MetricsMixin) {
    static override metricsOptions: MetricsCollectorOptions = { registry, ...options };
  }
  return { registry, HostService };
}

describe('MetricsMixin', () => {
  test('books operations under the name of the class, for all of its instances', () => {
    const { registry, HostService } = world();
    const [one, other] = [new HostService(), new HostService()];
    one.recordOperation('list', 150);
    other.recordOperation('list', 50, { success: false, tags: { region: 'eu' } });

    expect(one.metrics).toBe(other.metrics);
    expect(registry.snapshot().metrics.HostService?.list).toMatchObject({
      totalCalls: 2,
      errors: 1,
      avgMs: 100,
      byTags: { 'region=eu': { totalCalls: 1 } },
    });
  });

  test('gives the collector of the class for counters, gauges and timers', async () => {
    const { HostService } = world();
    const { metrics } = new HostService();
    metrics.increment('made');
    metrics.gauge('connections', 25);
    await timedContext('sync', async () => {}, { collector: metrics });

    expect(metrics).toBeInstanceOf(MetricsCollector);
    expect(metrics.stats()).toMatchObject({ counters: { made: 1 }, gauges: { connections: 25 }, totalCalls: 1 });
  });

  test('makes no collector before something is recorded', () => {
    const { registry, HostService } = world();
    void new HostService();

    expect(registry.metrics.size).toBe(0);
  });

  test('goes by the options of the class, which a subclass inherits or replaces', () => {
    const { registry, HostService } = world({ maxTagSets: 7 });
    class Same extends HostService {}
    class Long extends HostService {
      static override metricsOptions = { registry, retentionMs: 5_000 };
    }

    expect(new Same().metrics.options).toMatchObject({ maxTagSets: 7, retentionMs: 86_400_000 });
    expect(new Long().metrics.options).toMatchObject({ maxTagSets: 100, retentionMs: 5_000 });
    expect(registry.metrics.names()).toEqual(['Long', 'Same']);
  });

  test('a name of its own is one collector, for subclasses too', () => {
    const { registry, HostService } = world({ name: 'hosts' });
    class Same extends HostService {}

    expect(new Same().metrics).toBe(new HostService().metrics);
    expect(registry.metrics.names()).toEqual(['hosts']);
  });

  test('an instance with options of its own has a collector of its own', () => {
    const { registry, HostService } = world();
    const [plain, set, named] = [new HostService(), new HostService(), new HostService()];
    plain.recordOperation('list', 1);
    set.metricsOptions = { registry, maxTagSets: 1 };
    named.metricsOptions = { registry, name: 'mine' };
    set.recordOperation('list', 1);
    named.recordOperation('list', 1);

    expect(set.metrics.options.maxTagSets).toBe(1);
    expect(set.metrics).toBe(set.metrics);
    expect(plain.metricsOptions).toBe(HostService.metricsOptions);
    expect(registry.metrics.names()).toEqual(['HostService', 'HostService#metricsCollector', 'mine']);
  });

  test('instances with equal options of their own share a collector, by a name or without', () => {
    const { registry, HostService } = world();
    class Named extends HostService {
      override metricsOptions: MetricsCollectorOptions = { registry, name: 'mine', maxTagSets: 1 };
    }
    class Unnamed extends HostService {
      constructor() {
        super();
        this.metricsOptions = { registry, maxTagSets: 1 };
      }
    }
    for (const Service of [Named, Unnamed]) {
      const [one, other] = [new Service(), new Service()];
      for (const service of [one, other]) service.recordOperation('list', 1);
      expect(one.metrics).toBe(other.metrics);
      expect(one.metrics.stats().totalCalls).toBe(2);
    }

    expect(registry.metrics.names()).toEqual(['Unnamed', 'mine']);
  });

  test.each([{ name: 'hosts' }, {}])('options that a getter makes anew each time (%j) are one collector', (options) => {
    const { registry, HostService } = world();
    class Getting extends HostService {
      static override get metricsOptions(): MetricsCollectorOptions {
        return { registry, ...options };
      }
    }
    const service = new Getting();
    for (const one of [service, service, new Getting()]) one.recordOperation('list', 1);

    expect(registry.metrics.names()).toEqual([options.name ?? 'Getting']);
    expect(service.metrics.stats().totalCalls).toBe(3);
  });

  test('a name with other options is taken', () => {
    const { registry, HostService } = world({ name: 'hosts' });
    const other = new HostService();
    other.metricsOptions = { registry, name: 'hosts', maxTagSets: 1 };
    new HostService().recordOperation('list', 1);

    expect(() => other.recordOperation('list', 1)).toThrow(expect.objectContaining({ code: 'ERR_NAME_TAKEN' }));
  });

  test('options that are set after something was recorded hold from then on', () => {
    const { registry, HostService } = world();
    const service = new HostService();
    service.recordOperation('list', 1);
    service.metricsOptions = { registry, name: 'mine' };
    service.recordOperation('list', 1);

    expect([registry.metrics.names(), service.metrics.name]).toEqual([['HostService', 'mine'], 'mine']);
  });

  test.each([{ name: 'hosts' }, {}])('a closed collector is followed by another one under its name (%j)', (options) => {
    const { registry, HostService } = world(options);
    const [one, other] = [new HostService(), new HostService()];
    for (const service of [one, other]) service.recordOperation('list', 1);
    const { metrics: closed } = one;
    closed.close();
    expect(registry.metrics.size).toBe(0);
    for (const service of [one, other]) service.recordOperation('list', 1);

    const name = options.name ?? 'HostService';
    expect(registry.snapshot().metrics[name]?.list).toMatchObject({ totalCalls: 2 });
    expect([closed.closed, one.metrics.closed]).toEqual([true, false]);
    expect(other.metrics).toBe(one.metrics);
  });

  test.each([{ name: 'hosts' }, {}])(
    'a closed registry keeps the collector, and what is still recorded (%j)',
    async (options) => {
      const { registry, HostService } = world(options);
      const service = new HostService();
      service.recordOperation('list', 1);
      await registry.close();
      for (const one of [service, new HostService()]) one.recordOperation('list', 1);

      const name = options.name ?? 'HostService';
      expect(registry.metrics.names()).toEqual([name]);
      expect(registry.snapshot().metrics[name]?.list).toMatchObject({ totalCalls: 3 });
    },
  );

  test('who holds a collector whose name was freed keeps it', () => {
    const { registry, HostService } = world({ name: 'hosts' });
    const service = new HostService();
    const { metrics } = service;
    registry.forget('hosts');
    void new MetricsCollector({ registry, name: 'hosts' });

    expect(service.metrics).toBe(metrics);
  });

  test('two classes of one name, and a class without a name, are told apart', () => {
    const { registry, HostService } = world();
    const Other = (() => {
      class HostService extends mixin(BaseService, MetricsMixin) {
        static override metricsOptions = { registry };
      }
      return HostService;
    })();
    const Nameless = (() => class extends HostService {})();
    Object.defineProperty(Nameless, 'name', { value: '' });
    for (const Service of [HostService, Other, Nameless]) new Service().recordOperation('list', 1);

    expect(registry.metrics.names()).toEqual(['HostService', 'HostService#metricsCollector', 'metrics']);
  });

  test('refuses what the collector refuses', () => {
    const { HostService } = world();

    expect(() => new HostService().recordOperation('list', Number.NaN)).toThrow('`ms` takes a number, got NaN');
    expect(() => new HostService().recordOperation('', 1)).toThrow('`name` takes a text');
  });
});
