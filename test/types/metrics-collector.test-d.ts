import { expectTypeOf } from 'vitest';
import {
  type Collector,
  type CollectorExport,
  MetricsCollector,
  MetricsMixin,
  mixin,
  registry,
  startTimer,
  timed,
  timedContext,
} from '../../src/index.js';

const collector = new MetricsCollector({
  name: 'api',
  registry,
  retentionMs: 86_400_000,
  cleanupIntervalMs: 3_600_000,
});
collector.recordTiming('list', 5, { success: false, tags: { region: 'eu', cached: true, zone: 1 } });
collector.increment('made', 2, { tags: { region: 'eu' } });
collector.gauge('connections', 25, { tags: { pool: 'a' } });
expectTypeOf(collector.stats().counters).toEqualTypeOf<Record<string, number>>();
expectTypeOf(collector.stats().requestRatePerSecond).toEqualTypeOf<number>();
expectTypeOf(collector.export()).toEqualTypeOf<CollectorExport>();
collector.merge(registry.calls);
registry.calls.merge(JSON.parse('{}') as CollectorExport);

// What stands in the registry serves wherever a collector does.
expectTypeOf(registry.metrics.get('api')).toEqualTypeOf<Collector | undefined>();
timed({ collector: registry.calls });
timed({ collector });
expectTypeOf(timedContext('sum', () => 5, { collector, tags: { a: 1 } })).toEqualTypeOf<number>();
startTimer('block', { collector, tags: { a: 1 } }).stop();
registry.on('metrics:folded', ({ metric, bound }) => metric.length + bound.length);

// @ts-expect-error an object is no tag
collector.recordTiming('list', 5, { tags: { a: {} } });
// @ts-expect-error a counter has no outcome
collector.increment('made', 1, { success: true });
// @ts-expect-error an unknown option
void new MetricsCollector({ retention: 5 });
// @ts-expect-error it judges no errors
void new MetricsCollector({ classify: () => 'critical' });
// @ts-expect-error a snapshot has no buckets to merge
collector.merge(collector.snapshot());

class BaseService {
  readonly url = 'http://here';
}
class HostService extends mixin(BaseService, MetricsMixin) {
  static override metricsOptions = { retentionMs: 5_000 };
  list() {
    this.recordOperation('list', 5, { success: true });
    return this.metrics;
  }
}
expectTypeOf(new HostService().list()).toEqualTypeOf<MetricsCollector>();
// @ts-expect-error a duration is needed
new HostService().recordOperation('list');
