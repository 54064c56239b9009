import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { Registry } from '../../src/registry/registry.js';
import { ResourcePool, type ResourcePoolOptions } from '../../src/registry/resource-pool.js';

/** A resource under test: numbered in the order of their making. */
export interface Connection {
  readonly id: number;
  isGood: boolean;
}

/** A pool, with its own registry and clock, and what its hooks were asked to do. */
export interface World {
  readonly clock: ManualClock;
  readonly registry: Registry;
  readonly pool: ResourcePool<Connection>;
  readonly made: Connection[];
  readonly ended: number[];
  readonly events: { type: string; [detail: string]: unknown }[];
}

export function world(options: Partial<ResourcePoolOptions<Connection>> = {}): World {
  const clock = new ManualClock();
  const registry = new Registry({ clock });
  const made: Connection[] = [];
  const ended: number[] = [];
  const events: World['events'] = [];
  registry.on('*', ({ type, kind: _kind, name: _name, site: _site, at: _at, ...details }) =>
    events.push({ type, ...details }),
  );
  const pool = new ResourcePool<Connection>({
    create: () => {
      const connection = { id: made.length + 1, isGood: true };
      made.push(connection);
      return connection;
    },
    destroy: ({ id }) => void ended.push(id),
    name: 'db',
    registry,
    ...options,
  });
  return { clock, registry, pool, made, ended, events };
}

/** What a promise has come to by now: its value, its error, or nothing. */
export function outcomeOf(promise: Promise<unknown>): { value?: unknown; error?: unknown; isSettled: boolean } {
  const outcome: { value?: unknown; error?: unknown; isSettled: boolean } = { isSettled: false };
  promise.then(
    (value) => Object.assign(outcome, { value, isSettled: true }),
    (error: unknown) => Object.assign(outcome, { error, isSettled: true }),
  );
  return outcome;
}

/** Lets everything settle that can without time passing. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A promise that the test settles. */
export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: unknown) => void } {
  let settle: { resolve: (value: T) => void; reject: (error: unknown) => void } | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, resolve: (value) => settle?.resolve(value), reject: (error) => settle?.reject(error) };
}
