import { Pool, type PoolContext } from '../pool/pool.js';
import type { PoolEvent } from '../pool/pool-event.js';
import type { PoolOptions } from '../pool/pool-options.js';
import type { PoolEntry } from './entries.js';
import type { Registry } from './registry.js';
import { type ServiceOptions, ServicePlace, serviceParts } from './service-place.js';

const KIND = 'resourcePool';

/** What a pool takes: how its resources are made and how many there are, and where it stands. */
export interface ResourcePoolOptions<R> extends PoolOptions<R>, ServiceOptions {}

/**
 * Resources that are dear to make – connections, sockets, workers – made once and lent to one caller at a time. With a
 * `name` it is seen in `registry.pools`, and closed with its registry.
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @throws {NameTakenError} for a name that another pool has
 * @example
 * const pool = new ResourcePool({ name: 'db', create: () => connect(url), destroy: (connection) => connection.end() });
 * const rows = await pool.use((connection) => connection.query('select 1'));
 */
export class ResourcePool<R> extends Pool<R> {
  readonly #place: ServicePlace<PoolEntry> | undefined;

  constructor(options: ResourcePoolOptions<R>) {
    const { own, registry, classify } = serviceParts<PoolOptions<R>>(KIND, options);
    const name = registry && (own.name ?? registry.pools.freeName('pool', KIND));
    super(own, registry && name ? { ...contextOf(registry, name), classify } : { classify });
    this.#place = registry && name ? new ServicePlace(registry, registry.pools, name) : undefined;
    this.#place?.enter(KIND, this);
  }

  override async close(): Promise<void> {
    await super.close();
    this.#place?.leave(this);
  }
}

/** What a pool of a registry takes from it: time, and a place for its events. */
function contextOf(registry: Registry, name: string): PoolContext {
  const { clock, captureStack } = registry;
  const source = { kind: KIND, name, site: name };
  const onEvent = ({ type, ...details }: PoolEvent) => {
    if (type !== 'rejected') return registry.emit(`pool:${type}`, source, details as never);
    const { error } = details as Extract<PoolEvent, { type: 'rejected' }>;
    return registry.emit('call:rejected', source, { code: error.code, reason: error.message, error });
  };
  return { name, clock, captureStack, onEvent };
}
