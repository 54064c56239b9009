import type { TimingOptions } from '../metrics/collector-options.js';
import { registry as shared } from '../registry/default-registry.js';
import { MetricsCollector, type MetricsCollectorOptions } from '../registry/metrics-collector.js';
import type { Registry } from '../registry/registry.js';
import { sameOptions } from '../registry/same-options.js';
import type { Constructor, Mixin } from './mixin.js';

/** What {@link MetricsMixin} gives to instances. */
export interface MetricsMembers {
  /** How what this instance records is kept: as the class says, until it is set. Read when it first records. */
  metricsOptions: MetricsCollectorOptions;
  /**
   * Where what it records is kept: the collector of its class, or of those of its instances that have the same options of
   * their own. When it was closed, another is made.
   */
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

/** A collector, and the options that it was made with. */
interface Home {
  readonly options: MetricsCollectorOptions;
  readonly collector: MetricsCollector;
}

const byService = new WeakMap<object, Home>();
const byClass = new WeakMap<object, Home[]>();
/** Those with a name of the user's own, by what stands under that name in a registry. */
const byEntry = new WeakMap<object, Home>();

/** The collector of an instance, for as long as its options stay equal and nobody closes it. */
function collectorOf(service: Service): MetricsCollector {
  const { metricsOptions: options } = service;
  const known = byService.get(service);
  if (known !== undefined && fits(known, options)) return known.collector;
  const { registry = shared } = options;
  const { collector } = homeOf(service.constructor, { ...options, registry });
  byService.set(service, { options, collector });
  return collector;
}

/** A name of the user's own is one collector, whichever classes give it; without one each class has its own. */
function homeOf(owner: { readonly name: string }, options: MetricsCollectorOptions & { registry: Registry }): Home {
  const { name, registry } = options;
  if (name !== undefined) {
    const entry = registry.metrics.get(name);
    const known = entry && byEntry.get(entry);
    if (known !== undefined && fits(known, options)) return known;
    const home = { options, collector: new MetricsCollector(options) };
    byEntry.set(home.collector, home);
    return home;
  }
  const homes = byClass.get(owner) ?? [];
  const known = homes.find((home) => fits(home, options));
  if (known !== undefined) return known;
  const free = registry.metrics.freeName(owner.name || 'metrics', 'metricsCollector');
  const home = { options, collector: new MetricsCollector({ ...options, name: free }) };
  byClass.set(owner, [...homes.filter(isOpen), home]);
  return home;
}

/** Whether to record here under these options. */
function fits(home: Home, options: MetricsCollectorOptions): boolean {
  return isOpen(home) && sameOptions(home.options, options);
}

/** What its registry has closed stays where it is seen; what was closed by itself is seen no more. */
function isOpen({ collector, options: { registry = shared } }: Home): boolean {
  return !collector.closed || registry.closed;
}
