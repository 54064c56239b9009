import { MetricsCollector, MetricsMixin, mixin, Registry, timedContext } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });
const collector = new MetricsCollector({ name: 'api', maxTagSets: 2, registry });
registry.on('metrics:folded', ({ metric, limit }) => console.log(`${metric} has more than ${limit} sets of tags`));

// Timings, counters, gauges; with tags, each is kept for these as well.
for (let ms = 1; ms <= 100; ms++) collector.recordTiming('list', ms, { success: ms > 5, tags: { cached: ms <= 50 } });
collector.increment('hosts created', 3);
collector.gauge('connections', 25);

const { timings, counters, gauges, requestRatePerSecond, errorRate } = collector.stats();
const { p50Ms = 0, p95Ms = 0, p99Ms = 0, byTags } = timings.list ?? {};
// Within 1 % of 50, 95 and 99:
console.log([p50Ms, p95Ms, p99Ms].map(Math.round)); // → [ 50, 96, 100 ]
console.log(byTags?.['cached=true']?.maxMs, byTags?.['cached=false']?.minMs); // → 50 51
console.log(counters, gauges); // → { 'hosts created': 3 } { connections: 25 }
console.log(`${requestRatePerSecond.toFixed(1)}/s, ${errorRate * 100} % failed`); // → 1.7/s, 5 % failed

// An id in a tag does not fill the memory: what is too much is counted together, and told of once.
for (const user of ['ann', 'bob', 'cyd', 'dan']) collector.increment('logins', 1, { tags: { user } });
// → logins has more than 2 sets of tags
console.log(collector.stats().countersByTags); // → { logins: { other: 2, 'user=ann': 1, 'user=bob': 1 } }

// A function and a block, timed.
await timedContext('sync', () => clock.advance(20), { collector, tags: { full: true } });
{
  using _timer = collector.startTimer('report');
  await clock.advance(30);
}
console.log(Object.keys(collector.stats().timings)); // → [ 'list', 'report', 'sync' ]

// What another process has counted comes as JSON, and is added: percentiles are those of both.
const worker = new MetricsCollector();
for (let ms = 101; ms <= 200; ms++) worker.recordTiming('list', ms);
collector.merge(JSON.parse(JSON.stringify(worker.export())));
worker.close();
console.log(Math.round((collector.snapshot().list?.p50Ms ?? 0) / 10) * 10); // → 100

// A service class has a collector that all its instances share.
class BaseService {}
class HostService extends mixin(BaseService, MetricsMixin) {
  static override metricsOptions = { registry };
  async list(): Promise<void> {
    const startedAt = clock.now();
    await clock.advance(150);
    this.recordOperation('list', clock.now() - startedAt, { success: true });
  }
}
await new HostService().list();
console.log(registry.snapshot().metrics['HostService']?.['list']?.avgMs); // → 150

// A day later all is forgotten, and no timer is left.
await clock.advance(26 * 3_600_000);
console.log(collector.stats().timings, clock.pendingTimers); // → {} 0
await registry.close();
