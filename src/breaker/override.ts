import { durationMs, text } from '../base/option-rules.js';
import { checkOptions, type Given, type OptionRules } from '../base/options.js';
import type { ActName, ActOptions, OverrideState } from './breaker-events.js';
import { Span } from './span.js';

/** What stands in place of a breaker's own judgement, by whose will, and for how long. */
export class Override {
  readonly state: OverrideState;
  readonly reason: string | null;
  readonly owner: string | null;
  readonly since: number;
  readonly ttlMs: number;
  readonly #span: Span;

  constructor(state: OverrideState, { reason, owner, ttlMs = Infinity }: Given<ActOptions>, nowMs: number) {
    this.state = state;
    this.reason = reason ?? null;
    this.owner = owner ?? null;
    this.since = nowMs;
    this.ttlMs = ttlMs;
    this.#span = new Span(nowMs, ttlMs);
  }

  /** In how many ms it ends; Infinity where it does not, 0 once it is over. */
  leftMs(nowMs: number): number {
    return this.ttlMs === Infinity ? Infinity : this.#span.leftMs(nowMs);
  }
}

const rules: OptionRules<ActOptions> = {
  reason: text(),
  owner: text(),
  ttlMs: durationMs({ infinity: 'taken' }),
};

/** @throws {TypeError | RangeError} for options that an act does not take */
export function checkAct(act: ActName, options: Given<ActOptions>): Readonly<ActOptions> {
  return checkOptions(`circuitBreaker.${act}`, rules, options);
}

/** What each act puts in place of the breaker's own judgement: nothing, for `reset` and `release`. */
export const overrideOf: Readonly<Record<ActName, OverrideState | undefined>> = {
  isolate: 'isolated',
  disable: 'disabled',
  shadow: 'shadow',
  reset: undefined,
  release: undefined,
};
