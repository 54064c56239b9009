import { NameTakenError } from '../base/errors.js';
import { Collector } from '../metrics/collector.js';
import type { CollectorContext, CollectorOptions } from '../metrics/collector-options.js';
import type { FoldedEvent } from '../metrics/folds.js';
import type { Configuration } from './configuration.js';
import { registry as shared } from './default-registry.js';
import type { Registry } from './registry.js';
import { type PlaceOptions, placeParts, ServicePlace } from './service-place.js';

const KIND = 'metricsCollector';

/** What a metrics collector takes: what it keeps, and where it stands. */
export interface MetricsCollectorOptions extends CollectorOptions, PlaceOptions {}

/**
 * Timings with percentiles, counters and gauges, by name and tags, in bounded memory. With a `name` it is seen in
 * `registry.metrics`, and closed with its registry.
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @throws {NameTakenError} for a name that another collector has, `calls` among them
 * @example
 * const collector = new MetricsCollector({ name: 'api' });
 * collector.recordTiming('GET /hosts', 12.5, { tags: { region: 'eu' } });
 * collector.increment('hosts created');
 * collector.gauge('connections', 25);
 * collector.stats().timings['GET /hosts']?.p95Ms; // 12.5
 */
export class MetricsCollector extends Collector {
  readonly #configuration: Configuration;
  readonly #place: ServicePlace<Collector> | undefined;

  constructor(options: MetricsCollectorOptions = {}) {
    const { own, registry } = placeParts<CollectorOptions>(KIND, options);
    const name = registry && (own.name ?? registry.metrics.freeName('metrics', KIND));
    const { configuration } = registry ?? shared;
    super(configuration.fill(KIND, own), registry && name ? contextOf(registry, name) : {});
    if (registry && name === 'calls') {
      const message = `${KIND}: the name 'calls' is always taken, by the collector of calls (registry.calls); take another name`;
      throw new NameTakenError(message, { policy: KIND, policyName: name });
    }
    this.#configuration = configuration;
    configuration.serve(this, KIND, own);
    this.#place = registry && name ? new ServicePlace(registry, registry.metrics, name) : undefined;
    this.#place?.enter(KIND, this);
  }

  override close(): void {
    this.#configuration.unserve(this);
    super.close();
    this.#place?.leave(this);
  }
}

/** What a collector of a registry takes from it: time, and a place for its events. */
function contextOf(registry: Registry, name: string): CollectorContext {
  const source = { kind: KIND, name, site: name };
  const onEvent = ({ type, ...details }: FoldedEvent) => registry.emit(`metrics:${type}`, source, details);
  return { name, clock: registry.clock, onEvent };
}
