import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { timed } from '../../src/policies/timed.js';
import { registry as shared } from '../../src/registry/default-registry.js';
import type { RegistryEvent } from '../../src/registry/events.js';
import { MetricsCollector } from '../../src/registry/metrics-collector.js';
import { Registry } from '../../src/registry/registry.js';

function setUp() {
  const clock = new ManualClock();
  return { clock, registry: new Registry({ clock }) };
}

describe('MetricsCollector', () => {
  test('stands in its registry by its name, and in the snapshot', () => {
    const { registry } = setUp();
    const collector = new MetricsCollector({ name: 'api', registry });
    collector.recordTiming('list', 10);
    collector.increment('made', 3);

    expect(registry.metrics.get('api')).toBe(collector);
    expect(registry.snapshot().metrics.api).toMatchObject({ list: { p95Ms: 10 }, made: { counter: 3 } });
  });

  test('goes by the clock of its registry, and holds a timer only while there is something to forget', async () => {
    const { clock, registry } = setUp();
    const collector = new MetricsCollector({ name: 'api', registry, retentionMs: 2_400, cleanupIntervalMs: 1_000 });
    expect(clock.pendingTimers).toBe(0);
    collector.recordTiming('list', 10);
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(4_000);

    expect(clock.pendingTimers).toBe(0);
    expect(collector.stats().totalCalls).toBe(0);
  });

  test('tells of what is folded in the events of its registry, and so does the collector of calls', () => {
    const { registry } = setUp();
    const heard: RegistryEvent<'metrics:folded'>[] = [];
    registry.on('metrics:folded', (event) => heard.push(event));
    const collector = new MetricsCollector({ name: 'api', registry, maxTagSets: 1 });
    for (const user of [1, 2, 3]) collector.increment('made', 1, { tags: { user } });
    for (let user = 0; user < 102; user++) registry.calls.recordTiming('list', 1, { tags: { user } });

    expect(heard).toMatchObject([
      { kind: 'metricsCollector', name: 'api', of: 'counters', metric: 'made', bound: 'maxTagSets', limit: 1 },
      { kind: 'metricsCollector', name: 'calls', of: 'timings', metric: 'list', bound: 'maxTagSets', limit: 100 },
    ]);
  });

  test('closed it leaves the registry, and its name is free', () => {
    const { registry } = setUp();
    const first = new MetricsCollector({ name: 'api', registry });
    first.close();
    expect(registry.metrics.has('api')).toBe(false);
    const second = new MetricsCollector({ name: 'api', registry });
    first.close();

    expect(registry.metrics.get('api')).toBe(second);
  });

  test('is closed with its registry, and stays to be looked at', async () => {
    const { clock, registry } = setUp();
    const collector = new MetricsCollector({ name: 'api', registry });
    collector.recordTiming('list', 1);
    await registry.close();

    expect(clock.pendingTimers).toBe(0);
    expect(registry.metrics.get('api')).toBe(collector);
    const late = new MetricsCollector({ name: 'late', registry });
    late.recordTiming('list', 1);
    expect(clock.pendingTimers).toBe(0);
  });

  test.each([
    ['api', "the name 'api' is taken in registry.metrics"],
    ['calls', "the name 'calls' is always taken"],
  ])("a second one cannot have the name '%s'", (name, message) => {
    const { registry } = setUp();
    void new MetricsCollector({ name: 'api', registry });

    expect(() => new MetricsCollector({ name, registry })).toThrow(message);
    expect(timed({ registry })(() => 5)()).toBe(5);
  });

  test('without a name it has one made in a given registry, and none without', () => {
    const { registry } = setUp();
    const names = [1, 2].map(() => new MetricsCollector({ registry }).name);
    const before = shared.metrics.size;
    const alone = new MetricsCollector();

    expect(names).toEqual(['metrics', 'metrics#metricsCollector']);
    expect(registry.metrics.names()).toEqual([...names].sort());
    expect([alone.name, shared.metrics.size]).toEqual(['metrics', before]);
  });

  test('with a name alone it stands in the shared registry', () => {
    const collector = new MetricsCollector({ name: 'of this test' });
    expect(shared.metrics.get('of this test')).toBe(collector);
    collector.close();

    expect(shared.metrics.has('of this test')).toBe(false);
  });

  test.each([
    ['options that are none', null, 'metricsCollector takes its options as one object, got null'],
    ['a registry that is none', { registry: {} }, 'metricsCollector: `registry` takes a Registry'],
    ['a `classify`, of which it has no use', { classify: () => 'critical' }, 'unknown option `classify`'],
    ['a name that is no text', { name: 5 }, 'metricsCollector: `name` takes a text, got 5'],
    ['an empty name', { name: '' }, 'metricsCollector: `name` takes a text, got ""'],
  ])('refuses %s', (_, options, message) => {
    expect(() => new MetricsCollector(options as never)).toThrow(message);
  });
});
