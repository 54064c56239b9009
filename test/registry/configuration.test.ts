import { describe, expect, test } from 'vitest';
import { scopedCacheAt } from '../../src/registry/cache.js';
import { Cache, cached, MetricsCollector, Registry, SendBuffer } from '../../src/index.js';
import { ManualClock } from '../../src/edges/testing/index.js';
import type { ConfigurationSettings } from '../../src/registry/configuration.js';

/** Settings as `holdfast/config` makes them, for all parts of a kind. */
function settings(defaults: Record<string, object>): ConfigurationSettings {
  return { defaultsFor: (kind) => defaults[kind], namedFor: () => undefined };
}

const rig = () => new Registry({ clock: new ManualClock(), random: () => 0.5 });

const other = settings({ cache: { ttlMs: 7_000 }, metricsCollector: { retentionMs: 7_000 } });

describe('a service that was closed', () => {
  test.each<[string, (registry: Registry) => { close(): unknown }]>([
    ['a cache', (registry) => new Cache({ name: 'hosts', registry })],
    ['caches by object', (registry) => scopedCacheAt('Hosts', { registry })],
    ['a collector', (registry) => new MetricsCollector({ name: 'api', registry })],
  ])('is no longer told of what changes: %s', async (_title, make) => {
    const registry = rig();
    const service = make(registry);
    expect(registry.configuration.apply(other)).toHaveLength(1);
    await service.close();

    expect(registry.configuration.apply(other)).toEqual([]);
  });

  test('with its registry is no longer told either', async () => {
    const registry = rig();
    const services = [registry.calls, new Cache({ registry }), scopedCacheAt('Hosts', { registry })];
    expect(registry.configuration.apply(other)).toHaveLength(services.length);
    await registry.close();

    expect(registry.configuration.apply(other)).toEqual([]);
  });
});

describe('a configuration that is applied by a listener while another one is', () => {
  async function nested() {
    const registry = rig();
    const { configuration } = registry;
    const send = async () => {
      throw new Error('down');
    };
    const call = cached({ registry })(async (id: string) => id);
    await call('a');
    const buffer = new SendBuffer<number>({ name: 'readings', send, registry });
    buffer.enable();
    for (const item of [1, 2, 3]) await buffer.add(item);
    const late = new Cache({ registry });
    const heard: string[] = [];
    registry.on('config:refused', ({ kind }) => heard.push(kind));
    const apply = (maxSize: number, ttlMs: number) =>
      configuration.apply(settings({ sendBuffer: { maxSize }, cached: { ttlMs }, cache: { ttlMs } }));
    return { registry, buffer, late, heard, apply };
  }

  test('leaves the first one its refusals, those before it and those after it', async () => {
    const { registry, heard, apply } = await nested();
    let inner: string[] = [];
    registry.once('buffer:dropped', () => {
      inner = apply(1, 9_000).map(({ kind }) => kind);
    });
    const outer = apply(2, 8_000).map(({ kind }) => kind);

    expect(outer).toEqual(['cached', 'cache']);
    expect(inner).toEqual(['cached', 'cache']);
    expect(heard).toEqual([]);
  });

  test('is what holds at the end', async () => {
    const { registry, buffer, apply } = await nested();
    registry.once('buffer:dropped', () => void apply(1, 9_000));
    apply(2, 8_000);
    expect(buffer.options.maxSize).toBe(1);
    expect(buffer.size).toBe(1);
    apply(2, 9_000);

    expect(buffer.options.maxSize).toBe(2);
  });
});
