import type { TimingOptions } from '../metrics/collector-options.js';
import { registry as shared } from '../registry/default-registry.js';
import { MetricsCollector, type MetricsCollectorOptions } from '../registry/metrics-collector.js';
import type { Constructor, Mixin } from './mixin.js';

/** What {@link MetricsMixin} gives to instances. */
export interface MetricsMembers {
  /** How what this instance records is kept: as the class says, until it is set. Read when it first records. */
  metricsOptions: MetricsCollectorOptions;
  /** Where what it records is kept: the collector of its class, unless the instance has options of its own. */
  readonly metrics: MetricsCollector;
  /**
   * Books one operation; see `MetricsCollector.recordTiming`.
   * @param ms How long it took, in ms.
   */
  recordOperation(name: string, ms: number, options?: TimingOptions): void;
}

/** What {@link MetricsMixin} gives to the class. */
export interface MetricsStatics {
  /** How what its instances record is kept; read when one of them first records. @default {} */
  metricsOptions: MetricsCollectorOptions;
}

/**
 * Metrics for a service class: a collector that all its instances share, under the name of the class.
 * @example
 * class HostService extends mixin(BaseService, MetricsMixin) {
 *   static override metricsOptions = { retentionMs: 48 * 3_600_000 };
 *   async list() {
 *     const startedAt = performance.now();
 *     const hosts = await this.api.hosts();
 *     this.recordOperation('list', performance.now() - startedAt);
 *     return hosts;
 *   }
 * }
 */
export const MetricsMixin: Mixin<MetricsMembers, MetricsStatics> = <Base extends Constructor>(base: Base) => {
  abstract class Metrics extends base {
    static metricsOptions: MetricsCollectorOptions = {};

    get metricsOptions(): MetricsCollectorOptions {
      return (this.constructor as Partial<MetricsStatics>).metricsOptions ?? {};
    }

    set metricsOptions(options: MetricsCollectorOptions) {
      Object.defineProperty(this, 'metricsOptions', {
        value: options,
        configurable: true,
        enumerable: true,
        writable: true,
      });
    }

    get metrics(): MetricsCollector {
      return collectorOf(this);
    }

    recordOperation(name: string, ms: number, options?: TimingOptions): void {
      this.metrics.recordTiming(name, ms, options);
    }
  }
  return Metrics;
};

/** A service with the members of the mixin. */
type Service = object & Pick<MetricsMembers, 'metricsOptions'>;

const collectors = new WeakMap<object, MetricsCollector>();

/** A name of the user's own is one collector, whichever classes inherit it; without one each class has its own. */
function collectorOf(service: Service): MetricsCollector {
  const { metricsOptions: options } = service;
  const isOwn = Object.hasOwn(service, 'metricsOptions');
  const owner = options.name !== undefined ? options : isOwn ? service : service.constructor;
  const known = collectors.get(owner);
  if (known !== undefined) return known;
  const { registry = shared } = options;
  const name = options.name ?? registry.metrics.freeName(service.constructor.name || 'metrics', 'metricsCollector');
  const collector = new MetricsCollector({ ...options, name });
  collectors.set(owner, collector);
  return collector;
}
