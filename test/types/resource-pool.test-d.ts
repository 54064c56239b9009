import { expectTypeOf } from 'vitest';
import { type Lease, type PoolSnapshot, Registry, registry, ResourcePool } from '../../src/index.js';

declare class Connection {
  query(sql: string): Promise<number[]>;
  end(): Promise<void>;
  readonly open: boolean;
}
declare function connect(signal?: AbortSignal): Promise<Connection>;

// The resource is known from `create`, synchronous or not, with or without its context.
const pool = new ResourcePool({
  create: ({ signal }) => connect(signal),
  destroy: (connection) => connection.end(),
  validate: async (connection) => connection.open,
  isBroken: (error, connection) => error instanceof Error && !connection.open,
  registry: new Registry(),
});
expectTypeOf(pool).toEqualTypeOf<ResourcePool<Connection>>();
expectTypeOf(new ResourcePool({ create: () => 'text' })).toEqualTypeOf<ResourcePool<string>>();
expectTypeOf(new ResourcePool({ create: async () => 1 }).acquire()).toEqualTypeOf<Promise<number>>();

expectTypeOf(pool.use((connection) => connection.query('select 1'))).toEqualTypeOf<Promise<number[]>>();
expectTypeOf(pool.use(({ open }) => open)).toEqualTypeOf<Promise<boolean>>();
expectTypeOf(pool.use((_connection, lease) => lease)).toEqualTypeOf<Promise<Lease<Connection>>>();
expectTypeOf(pool.acquire({ timeoutMs: 5, signal: AbortSignal.abort() })).toEqualTypeOf<Promise<Connection>>();
expectTypeOf(registry.pools.get('db')?.snapshot()).toEqualTypeOf<PoolSnapshot | undefined>();

// @ts-expect-error a pool must know how to make a resource
void new ResourcePool({ maxSize: 3 });
// @ts-expect-error no such option
void new ResourcePool({ create: connect, maxSise: 3 });
// @ts-expect-error a check says yes or no
void new ResourcePool({ create: () => 1, validate: () => 'yes' });
// @ts-expect-error another pool's resource
pool.release('text');
// @ts-expect-error of another type than is made
void new ResourcePool({ create: () => 1, destroy: (resource: string) => resource });

async function leased(): Promise<void> {
  await using lease = await pool.lease();
  using again = await pool.lease();
  expectTypeOf(lease.resource).toEqualTypeOf<Connection>();
  expectTypeOf(again.resource).toEqualTypeOf<Connection>();
}
void leased;
