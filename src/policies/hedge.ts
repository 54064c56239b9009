import type { Given } from '../base/options.js';
import type { AsyncFunction } from '../engine/any-function.js';
import type { CommonOptions } from '../engine/common-options.js';
import { definePolicy } from '../engine/define-policy.js';
import type { Policy } from '../engine/policy.js';
import type { Site } from '../engine/site.js';
import type { StageCall } from '../engine/stage.js';
import { RecentQuantile } from '../metrics/recent-quantile.js';
import type { HedgeObserver } from '../retry/hedge-context.js';
import { checkHedgeOptions, type HedgeOptions, hedgeRules, shareOf } from '../retry/hedge-options.js';
import { Hedger } from '../retry/hedger.js';

const define = definePolicy<'hedge', HedgeOptions, AsyncFunction>({
  kind: 'hedge',
  summary: 'Begins a call once more when it takes long, and takes the first answer.',
  options: hedgeRules,
  check: checkHedgeOptions,
  waits: true,
  bind(site, options) {
    const { delayMs } = options;
    const latency = typeof delayMs === 'string' ? new RecentQuantile(shareOf(delayMs)) : undefined;
    const hedger = new Hedger(options, { clock: site.registry.clock, classify: site.classify, latency });
    return {
      around(call, inside) {
        // The first attempt is the call itself: in a retry, it is the retry's.
        const begin = (attempt: number, error: unknown) => (attempt === 1 ? inside.run() : inside.run(attempt, error));
        const surroundings = { startedAt: call.admittedAt, cancellation: inside, observe: observer(site, call) };
        return hedger.run(begin, surroundings);
      },
    };
  },
});

/**
 * Begins a call once more when it takes long, and takes the first answer; the others are aborted. What is hedged must bear
 * to be done twice. A call that fails is begun again at once; it fails when all its attempts have.
 * @throws the last error, to the caller of the function, when all attempts have failed
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @example const price = hedge({ delayMs: 'p95' })(fetchPrice);
 */
export function hedge(
  options?: Given<HedgeOptions & CommonOptions>,
): Policy<'hedge', HedgeOptions & CommonOptions, AsyncFunction> {
  return define(options);
}

function observer(site: Site, call: StageCall): HedgeObserver {
  return {
    hedge: (event) => site.emit('call:hedge', event, call),
    won(attempt) {
      site.count('hedgesWon');
      site.emit('call:hedgeWon', { attempt }, call);
    },
    budgetEmpty: (attempt) => site.emit('hedge:budgetEmpty', { attempt }, call),
    failed: (error) => site.alarm(error, call),
  };
}
