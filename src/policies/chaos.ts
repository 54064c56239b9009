import { ChaosError, withoutStack } from '../base/errors.js';
import type { Given } from '../base/options.js';
import { seededRandom } from '../base/random.js';
import { wait } from '../base/wait.js';
import { wildcard } from '../cache/wildcard.js';
import { type ChaosOptions, chaosRules, checkChaosOptions } from '../chaos/chaos-options.js';
import { type Fault, FaultPlan } from '../chaos/fault-plan.js';
import type { AsyncFunction } from '../engine/any-function.js';
import type { CommonOptions } from '../engine/common-options.js';
import { definePolicy } from '../engine/define-policy.js';
import type { Policy } from '../engine/policy.js';
import type { Site } from '../engine/site.js';
import type { Inside, StageCall } from '../engine/stage.js';

const define = definePolicy<'chaos', ChaosOptions>({
  kind: 'chaos',
  summary: 'Makes failures, delays and wrong answers on purpose, so that you see what they do.',
  options: chaosRules,
  check: checkChaosOptions,
  waits: ({ latencyMs = 0 }) => latencyMs > 0,
  bind(site, options) {
    if (!options.enabled || !isMeant(site.name, options.sites)) return {};
    const { clock, random } = site.registry;
    const plan = new FaultPlan(options, options.seed === undefined ? random : seededRandom(options.seed));
    const callers = new Callers();
    return {
      around(call, inside) {
        const fault = plan.next(clock.now());
        if (fault === undefined) return callers.note(call, inside.run().result);
        if (fault.latencyMs === 0) return callers.answer(call, outcomeOf(fault, site, options, call, inside));
        site.emit('chaos:injected', { fault: 'latency', latencyMs: fault.latencyMs }, call);
        return wait(clock, fault.latencyMs, inside).then(() => outcomeOf(fault, site, options, call, inside));
      },
    };
  },
});

/** Options of chaos that may delay calls. */
export type DelayingChaosOptions = ChaosOptions & CommonOptions & { latencyMs: number };

/**
 * Makes failures, delays and wrong answers on purpose, so that you see what they do to your service. It does nothing
 * unless `enabled` is `true`, and no preset has it.
 * @throws {ChaosError} to the caller of the function, for the share `errorRatio` of calls; the function is not run
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @example const price = chaos({ enabled: inStaging, seed: 7, errorRatio: 0.1 })(fetchPrice);
 */
export function chaos(
  options: Given<ChaosOptions & CommonOptions> & { latencyMs: DelayingChaosOptions['latencyMs'] | undefined },
): Policy<'chaos', DelayingChaosOptions, AsyncFunction>;
export function chaos(
  options?: Given<ChaosOptions & CommonOptions> & { latencyMs?: 0 | undefined },
): Policy<'chaos', ChaosOptions & CommonOptions>;
export function chaos(options?: Given<ChaosOptions & CommonOptions>): Policy<'chaos', ChaosOptions & CommonOptions> {
  return define(options) as Policy<'chaos', ChaosOptions & CommonOptions>;
}

/** What the callers of each function have had until now: who has had a promise is not ready for anything else. */
class Callers {
  readonly #promised = new WeakSet<object>();

  /** Hands on what a function has given. */
  note({ fn }: StageCall, result: unknown): unknown {
    if (result instanceof Promise) this.#promised.add(fn);
    return result;
  }

  /** Hands out what stands in the place of that. */
  answer({ fn }: StageCall, result: unknown): unknown {
    return this.#promised.has(fn) ? Promise.resolve(result) : result;
  }
}

function isMeant(name: string, sites: readonly string[] | undefined): boolean {
  return sites === undefined || sites.some((pattern) => wildcard(pattern)(name));
}

function outcomeOf({ outcome }: Fault, site: Site, options: ChaosOptions, call: StageCall, inside: Inside): unknown {
  if (outcome === 'untouched') return inside.run().result;
  site.emit('chaos:injected', { fault: outcome }, call);
  if (outcome === 'result') return options.result;
  const source = { policy: site.kind, policyName: site.partName, site: site.name };
  throw withoutStack(() => new ChaosError(`'${site.name}' fails on purpose`, source, options.severity));
}
