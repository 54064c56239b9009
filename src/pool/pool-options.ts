import { callback, count, durationMs, having, text } from '../base/option-rules.js';
import { checkOptions, type OptionRules } from '../base/options.js';

/** What a hook of a pool is given beside the resource. */
export interface HookContext {
  /** Aborted when the hook's time is up, or the pool is closed. */
  readonly signal: AbortSignal;
}

/** How a pool makes, checks and ends its resources, and how many it has. */
export interface PoolOptions<R> {
  /** Makes a resource. */
  create: (context: HookContext) => R | PromiseLike<R>;
  /** Ends a resource that is not needed any more, or is broken. */
  destroy?(resource: R, context: HookContext): unknown;
  /** Whether a resource that has lain idle, or was given back, is still good; asked before it is handed out again. */
  validate?(resource: R, context: HookContext): boolean | PromiseLike<boolean>;
  /** Whether a resource is not to be used again after `use` has failed with this error. By default errors that count as failures break it: all but permanent ones. */
  isBroken?(error: unknown, resource: R): boolean;
  /** The name of the pool in the registry, in events and in errors. */
  name?: string;
  /** Resources that are kept, idle or not, once the pool is used or was filled. @default 0 */
  minSize?: number;
  /** Resources that there may be at once, from 1. @default 10 */
  maxSize?: number;
  /**
   * Callers that may wait when all are out, first come first served, beside those for whom one is being made, checked or
   * ended; `Infinity` for no limit.
   * @default Infinity
   */
  maxQueue?: number;
  /** How long a caller may wait for a resource, its making included, in ms. @default 30_000 */
  acquireTimeoutMs?: number;
  /** How long a resource above `minSize` may lie idle before it is destroyed, in ms. @default 30_000 */
  idleTimeoutMs?: number;
  /** How long `create` may take, in ms; what comes later is destroyed. @default 30_000 */
  createTimeoutMs?: number;
  /** How long `validate` may take, in ms; then the resource counts as bad. @default 5_000 */
  validateTimeoutMs?: number;
  /** How long `destroy` may hold the place of its resource, in ms. @default 5_000 */
  destroyTimeoutMs?: number;
  /** How long `close` waits for resources that are out, in ms; then they are destroyed where they are. @default 30_000 */
  drainTimeoutMs?: number;
}

/** How one caller waits. */
export interface AcquireOptions {
  /** Ends the wait. */
  signal?: AbortSignal | undefined;
  /** How long this caller may wait, in ms. @default the pool's `acquireTimeoutMs` */
  timeoutMs?: number;
}

/** Options with the defaults filled in. */
export type CheckedPoolOptions<R> = Readonly<
  PoolOptions<R> & Required<Omit<PoolOptions<R>, 'destroy' | 'validate' | 'isBroken' | 'name'>>
>;

const limitMs = (default_: number) => durationMs({ min: 1, infinity: 'taken', default: default_ });

const poolRules: OptionRules<PoolOptions<unknown>> = {
  create: callback({ required: true }),
  destroy: callback(),
  validate: callback(),
  isBroken: callback(),
  name: text(),
  minSize: count({ min: 0, default: 0 }),
  maxSize: count({ default: 10 }),
  maxQueue: count({ min: 0, infinity: 'taken', default: Infinity }),
  acquireTimeoutMs: limitMs(30_000),
  idleTimeoutMs: limitMs(30_000),
  createTimeoutMs: limitMs(30_000),
  validateTimeoutMs: limitMs(5_000),
  destroyTimeoutMs: limitMs(5_000),
  drainTimeoutMs: limitMs(30_000),
};

const acquireRules: OptionRules<AcquireOptions> = {
  signal: having<AbortSignal>('an AbortSignal', ['addEventListener', 'throwIfAborted']),
  timeoutMs: durationMs({ min: 1, infinity: 'taken' }),
};

/**
 * Checks the options of a pool, and fills in the defaults.
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value out of range
 */
export function checkPool<R>(given: PoolOptions<R>): CheckedPoolOptions<R> {
  const rules = poolRules as OptionRules<PoolOptions<R>>;
  const options = checkOptions<PoolOptions<R>>('resourcePool', rules, given) as CheckedPoolOptions<R>;
  const { minSize, maxSize } = options;
  if (minSize > maxSize) {
    throw new RangeError(
      `resourcePool: \`minSize\` takes a whole number up to \`maxSize\`, ${maxSize}, got ${minSize}`,
    );
  }
  return options;
}

/**
 * Checks how a caller wants to wait.
 * @throws {TypeError | RangeError} for a wrong option
 */
export function checkAcquire(given: AcquireOptions): Readonly<AcquireOptions> {
  return checkOptions<AcquireOptions>('resourcePool.acquire', acquireRules, given);
}
