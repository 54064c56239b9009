import type { Collector } from '../metrics/collector.js';
import type { TagOptions } from '../metrics/collector-options.js';
import { type Timer, timeContext } from '../metrics/timer.js';
import { registry as shared } from './default-registry.js';
import type { Registry } from './registry.js';

/** Where a timing is kept, and what stands beside it. */
export interface TimerOptions extends TagOptions {
  /** @default the shared `registry` */
  registry?: Registry;
  /** @default the collector `calls` of the registry */
  collector?: Collector;
}

/**
 * Starts a timer that records under `name` when it is stopped, or when its block is left.
 * @throws {TypeError} for a name that is no text
 * @example using timer = startTimer('report');
 */
export function startTimer(
  name: string,
  { registry = shared, collector = registry.calls, tags }: TimerOptions = {},
): Timer {
  return collector.startTimer(name, { tags });
}

/**
 * Runs a function and records how long it took and whether it failed; what it gives or throws comes back as it is.
 * @throws {TypeError} for a name that is no text
 * @example const rows = await timedContext('query', () => database.query(sql));
 */
export function timedContext<Result>(
  name: string,
  fn: () => Result,
  { registry = shared, collector = registry.calls, tags }: TimerOptions = {},
): Result {
  return timeContext(collector, name, fn, { tags });
}
