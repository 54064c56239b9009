import { deadlinesOf } from '../base/deadlines.js';
import { durationMs } from '../base/option-rules.js';
import { checkOption } from '../base/options.js';
import { Limit } from './limit.js';
import { interrupt } from './interrupt.js';
import type { Site } from './site.js';
import type { Stage, StageCall } from './stage.js';

/** A limit of time round what is inside. */
export interface TimeLimitRules {
  /** How long, in ms; or how long this call may take, by its arguments. */
  readonly ms: number | ((...args: never[]) => number);
  /** Whether the function's signal is aborted when time is up, or left alone. */
  readonly signal: 'abort' | 'detach';
  /** Whether stages inside heed it too, and begin nothing that could not end in time, or the function alone. */
  readonly heededBy: 'function' | 'stages';
  /** The error that a call is answered with when its time is up, and the place to tell of it. */
  expired(timeoutMs: number, call: StageCall): Error;
}

const computedMs = durationMs({ min: 1, infinity: 'taken' });

/** A stage that answers a call when its time is up, whatever its function does. */
export function timeLimit(site: Site, rules: TimeLimitRules): Stage<Limit> {
  const { ms } = rules;
  const deadlines = deadlinesOf(site.registry.clock);
  const hold = (limitMs: number) => (call: StageCall, position: number) => {
    const limit = new TimeLimit(call, position, limitMs, rules);
    deadlines.arm(limit, limitMs, call.admittedAt);
    return limit;
  };
  const compute = (msOf: (...args: never[]) => number) => (call: StageCall, position: number) => {
    const limitMs = msOf(...(call.args as never[]));
    // What is no time at all would stand in the way of everybody's deadlines.
    checkOption(site.kind, 'ms', computedMs, limitMs);
    const limit = new TimeLimit(call, position, limitMs, rules);
    deadlines.armComputed(limit, limitMs, call.admittedAt);
    return limit;
  };
  return {
    interrupts: true,
    ...(typeof ms === 'number' ? { hold: hold(ms) } : { admitCall: compute(ms) }),
    succeeded: (limit) => deadlines.cancel(limit),
    failed: (limit) => deadlines.cancel(limit),
  };
}

/** Made for every call: its fields are not `#private`, for their initializer would be a call of its own. */
class TimeLimit extends Limit {
  private readonly call: StageCall;
  private readonly position: number;
  private readonly limitMs: number;
  private readonly rules: TimeLimitRules;

  constructor(call: StageCall, position: number, limitMs: number, rules: TimeLimitRules) {
    super(rules.heededBy);
    this.call = call;
    this.position = position;
    this.limitMs = limitMs;
    this.rules = rules;
  }

  override expire(): void {
    interrupt(this.call, this.position, this.rules.expired(this.limitMs, this.call), this.rules.signal);
  }
}
