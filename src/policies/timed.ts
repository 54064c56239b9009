import { durationMs, having, text } from '../base/option-rules.js';
import type { Given, OptionRules } from '../base/options.js';
import type { CommonOptions } from '../engine/common-options.js';
import { definePolicy } from '../engine/define-policy.js';
import type { Policy } from '../engine/policy.js';
import type { StageCall } from '../engine/stage.js';
import type { Collector } from '../metrics/collector.js';

/** How `timed` behaves. */
export interface TimedOptions {
  /** What the timings stand under. @default the name of the function or method */
  name?: string;
  /** From how many ms on a call counts as slow. @default none does */
  slowMs?: number;
  /** Where the timings are kept. @default the collector `calls` of the registry */
  collector?: Collector;
}

/** What each option takes. */
export const timedRules: OptionRules<TimedOptions> = {
  name: text(),
  slowMs: durationMs(),
  collector: having<Collector>('a MetricsCollector', ['recordTiming', 'series']),
};

const define = definePolicy<'timed', TimedOptions, (...args: never[]) => unknown, number>({
  kind: 'timed',
  summary: 'Measures how long calls take and how many fail.',
  options: timedRules,
  bind(site, { name, slowMs = Infinity, collector = site.registry.calls }) {
    const series = collector.series(name ?? site.name);
    site.times(series);
    const record = (begunAt: number, success: boolean, call: StageCall) => {
      const durationMs = call.settledAt - begunAt;
      series.record(durationMs, success, call.settledAt);
      if (durationMs < slowMs) return;
      series.count('slowCalls', call.settledAt);
      site.emit('call:slow', { durationMs, slowMs }, call);
    };
    return {
      hold: (call) => call.admittedAt,
      succeeded: (begunAt, _value, call) => record(begunAt, true, call as StageCall),
      failed: (begunAt, _error, call) => record(begunAt, false, call as StageCall),
    };
  },
});

/**
 * Measures how long calls take and how many fail, with percentiles; `timed()` alone does so under the member's name.
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @example const price = timed({ name: 'quotes.price', slowMs: 500 })(fetchPrice);
 */
export function timed(options?: Given<TimedOptions & CommonOptions>): Policy<'timed', TimedOptions & CommonOptions> {
  return define(options) as Policy<'timed', TimedOptions & CommonOptions>;
}
