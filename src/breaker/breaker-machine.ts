import type { Random } from '../base/random.js';
import type { CheckedBreakerOptions } from './breaker-options.js';
import { CallsInFlight } from './calls-in-flight.js';
import { FAILED, type OutcomeWindow, SLOW } from './outcome-window.js';
import { type Permit, type SharedPermit, sharedPermit, TimedPermit } from './permit.js';
import { Probes } from './probes.js';
import { Span } from './span.js';
import { TimeWindow } from './time-window.js';
import type { BreakerNumbers, MachineState, MachineTransition, TransitionCause } from './transition.js';
import { windowOf } from './window-of.js';
import { grouped, plural } from '../base/wording.js';

/**
 * A breaker's judgement: closed → open → half-open → closed or open. Time is an argument; each change of state is
 * returned to the one whose call caused it.
 */
export class BreakerMachine {
  state: MachineState = 'closed';
  consecutiveFailures = 0;
  /** What a closed breaker hands out where durations do not matter. */
  shared: SharedPermit = sharedPermit(0);
  openedAt: number | undefined = undefined;
  /** Why the circuit was opened last, in words. */
  openReason = '';
  /** Calls that have been found slow before they ended, ever. */
  slowWhileRunning = 0;
  window: OutcomeWindow | undefined;
  #options: CheckedBreakerOptions;
  readonly #random: Random;
  #inFlight: CallsInFlight | undefined;
  #probes: Probes | undefined = undefined;
  #wait: Span | undefined = undefined;
  /** The next wait, before jitter: it doubles from one opening to the next. */
  #waitMs: number;

  /** @param callsBefore Calls that have succeeded in good time before there was a machine. */
  constructor(options: CheckedBreakerOptions, random: Random, callsBefore = 0) {
    this.#options = options;
    this.#random = random;
    this.#waitMs = options.recoveryTimeoutMs;
    this.window = windowOf(options, callsBefore);
    if (options.slowCallMs !== undefined) this.#inFlight = new CallsInFlight(options.slowCallMs);
  }

  get generation(): number {
    return this.shared.generation;
  }

  /** Whether a success of the current generation would change nothing. */
  get untroubled(): boolean {
    return this.state === 'closed' && this.window === undefined && this.consecutiveFailures === 0;
  }

  /** Whether even a success may change the state now, or what is kept of it is kept by time. */
  get heedsSuccess(): boolean {
    if (this.state !== 'closed' || this.window instanceof TimeWindow) return true;
    // With a count window it can open the circuit only as the call that makes the window worth a look.
    const { minimumCalls = 0 } = this.#options;
    return this.window !== undefined && this.window.calls < minimumCalls && this.window.failedCalls > 0;
  }

  /** How many probes are out. */
  get probesOut(): number {
    return this.#probes?.out ?? 0;
  }

  /** What the state is at a moment, whether or not a call has come to notice it. */
  stateAt(nowMs: number): MachineState {
    return this.state === 'open' && this.waitLeftMs(nowMs) === 0 ? 'half-open' : this.state;
  }

  /** How long the circuit stays open, in ms; 0 unless it is. */
  waitLeftMs(nowMs: number): number {
    return this.state === 'open' ? (this.#wait?.leftMs(nowMs) ?? 0) : 0;
  }

  numbersAt(nowMs: number): BreakerNumbers {
    const { consecutiveFailures, window } = this;
    if (window === undefined) return { consecutiveFailures, calls: 0, failureRate: 0, slowCallRate: 0 };
    window.expire(nowMs);
    const { calls, failedCalls } = window;
    return {
      consecutiveFailures,
      calls,
      failureRate: calls === 0 ? 0 : failedCalls / calls,
      slowCallRate: this.#slow(),
    };
  }

  /**
   * Notices what time alone has changed: the wait is over, a probe has expired, running calls have become slow. To be
   * asked again until it returns undefined, since one change may bring the next.
   */
  notice(nowMs: number): MachineTransition | undefined {
    if (this.state === 'open') return this.waitLeftMs(nowMs) === 0 ? this.#recover(nowMs) : undefined;
    if (this.state === 'half-open') {
      return this.#probes?.hasExpired(nowMs) ? this.#trip('probe-expired', this.#expiredReason(), nowMs) : undefined;
    }
    return this.#findOverdue(nowMs) > 0 ? this.#judge(nowMs) : undefined;
  }

  /** A permit for the next call, unless it must not run. Whoever asks has let time be noticed. */
  admit(nowMs: number): Permit | undefined {
    if (this.state === 'closed') {
      if (this.#inFlight === undefined) return this.shared;
      const permit = new TimedPermit(this.generation, nowMs);
      this.#inFlight.enter(permit);
      return permit;
    }
    if (this.#probes === undefined || this.#probes.allOut) return undefined;
    const probe = new TimedPermit(this.generation, nowMs);
    this.#probes.handOut(probe);
    return probe;
  }

  /**
   * Books a call that has ended; returns the transition it caused.
   * @param marks `FAILED | SLOW`, or 0
   */
  settle(permit: Permit, marks: number, nowMs: number): MachineTransition | undefined {
    // Begun before the last transition: it may be counted, it decides nothing.
    if (permit.generation !== this.generation) return undefined;
    this.#takeBack(permit);
    this.consecutiveFailures = marks & FAILED ? this.consecutiveFailures + 1 : 0;
    if (this.state === 'half-open') return this.#settleProbe(marks, nowMs);
    this.#findOverdue(nowMs);
    if (this.window !== undefined) {
      this.window.record(marks, nowMs);
      return this.#judge(nowMs);
    }
    if (this.consecutiveFailures < (this.#options.failureThreshold ?? Infinity)) return undefined;
    return this.#trip('failures-in-a-row', `${plural(this.consecutiveFailures, 'failure')} in a row`, nowMs);
  }

  /** Takes a permit back whose call says nothing of the dependency's health. */
  ignore(permit: Permit): void {
    if (permit.generation === this.generation) this.#takeBack(permit);
  }

  /** Closes the circuit and forgets what it was judged by. */
  reset(): void {
    this.#close();
  }

  /**
   * Goes by other options from now on, in the state it is in; a wait that has begun lasts as long as it was to. What it
   * judges by is forgotten only where it is kept in another way: another window, or durations that did not matter.
   */
  reconfigure(options: CheckedBreakerOptions): void {
    const before = this.#options;
    this.#options = options;
    const { recoveryTimeoutMs, maxRecoveryTimeoutMs, slowCallMs } = options;
    const waitMs = before.recoveryTimeoutMs === recoveryTimeoutMs ? this.#waitMs : recoveryTimeoutMs;
    this.#waitMs = Math.min(maxRecoveryTimeoutMs, waitMs);
    if (isSameWindow(before, options) && before.slowCallMs === slowCallMs) {
      this.#probes?.reconfigure(options.halfOpenMaxCalls, this.#leaseMs());
      return;
    }
    this.#inFlight = slowCallMs === undefined ? undefined : new CallsInFlight(slowCallMs);
    this.window = windowOf(options, 0);
    this.interrupt();
  }

  /** Makes what is running decide nothing any more; a half-open circuit has all its probes again. */
  interrupt(): void {
    this.#renew();
    if (this.state === 'half-open') this.#probes = this.#newProbes();
  }

  #takeBack(permit: Permit): void {
    if (permit.shared) return;
    if (this.state === 'half-open') this.#probes?.giveBack(permit);
    else this.#inFlight?.leave(permit);
  }

  #settleProbe(marks: number, nowMs: number): MachineTransition | undefined {
    if (marks & FAILED) return this.#trip('probe-failed', 'a failed probe', nowMs);
    // A dependency that answers as slowly as when it was given up has not recovered.
    if (marks & SLOW && this.window !== undefined) return this.#trip('probe-slow', 'a slow probe', nowMs);
    const probes = this.#probes;
    if (probes === undefined || ++probes.succeeded < this.#options.successThreshold) return undefined;
    const reason = `${plural(probes.succeeded, 'probe')} that succeeded`;
    const numbers = this.numbersAt(nowMs);
    this.#close();
    return { from: 'half-open', to: 'closed', cause: 'recovered', reason, at: nowMs, numbers };
  }

  #findOverdue(nowMs: number): number {
    const found = this.#inFlight?.findOverdue(nowMs) ?? 0;
    this.slowWhileRunning += found;
    return found;
  }

  /** Opens the circuit if the window's shares say so. */
  #judge(nowMs: number): MachineTransition | undefined {
    const { window } = this;
    if (window === undefined) return undefined;
    window.expire(nowMs);
    const { minimumCalls = Infinity, failureRatio = Infinity, slowCallRatio = Infinity } = this.#options;
    const { calls, failedCalls } = window;
    // Divided, not multiplied: 3 / 30 is the same double as 0.1, and 0.1 · 30 is above 3.
    if (calls >= minimumCalls && failedCalls / calls >= failureRatio) {
      return this.#trip('failure-ratio', `${plural(failedCalls, 'failure')} in ${plural(calls, 'call')}`, nowMs);
    }
    if (this.#inFlight === undefined) return undefined;
    const running = this.#inFlight.overdue;
    if (calls + running >= minimumCalls && this.#slow() >= slowCallRatio) {
      const slow = window.slowCalls + running;
      return this.#trip('slow-calls', `${plural(slow, 'slow call')} in ${plural(calls + running, 'call')}`, nowMs);
    }
    return undefined;
  }

  #slow(): number {
    const running = this.#inFlight?.overdue ?? 0;
    const calls = (this.window?.calls ?? 0) + running;
    return calls === 0 ? 0 : ((this.window?.slowCalls ?? 0) + running) / calls;
  }

  #trip(cause: TransitionCause, reason: string, nowMs: number): MachineTransition {
    const { state: from } = this;
    if (cause === 'probe-expired') this.consecutiveFailures++;
    const numbers = this.numbersAt(nowMs);
    const { recoveryJitterRatio, maxRecoveryTimeoutMs } = this.#options;
    const spread = recoveryJitterRatio === 0 ? 1 : 1 + recoveryJitterRatio * (2 * this.#random() - 1);
    this.#wait = new Span(nowMs, this.#waitMs * spread);
    this.#waitMs = Math.min(maxRecoveryTimeoutMs, this.#waitMs * 2);
    this.openedAt = nowMs;
    this.openReason = reason;
    this.#probes = undefined;
    this.state = 'open';
    this.#renew();
    return { from, to: 'open', cause, reason, at: nowMs, numbers };
  }

  #recover(nowMs: number): MachineTransition {
    const reason = `a wait of ${grouped(this.#wait?.lengthMs ?? 0)} ms`;
    this.state = 'half-open';
    this.#probes = this.#newProbes();
    this.#renew();
    return { from: 'open', to: 'half-open', cause: 'wait-over', reason, at: nowMs, numbers: this.numbersAt(nowMs) };
  }

  #close(): void {
    this.state = 'closed';
    this.consecutiveFailures = 0;
    this.openedAt = undefined;
    this.window?.clear();
    this.#probes = undefined;
    this.#wait = undefined;
    this.#waitMs = this.#options.recoveryTimeoutMs;
    this.#renew();
  }

  /** A new generation: what was begun before decides nothing. */
  #renew(): void {
    this.shared = sharedPermit(this.generation + 1);
    this.#inFlight?.clear();
  }

  #newProbes(): Probes {
    return new Probes(this.#options.halfOpenMaxCalls, this.#leaseMs());
  }

  /** A probe that has become slow has failed, whether or not it will ever end. */
  #leaseMs(): number {
    const { probeTimeoutMs, slowCallMs = Infinity } = this.#options;
    return this.window === undefined ? probeTimeoutMs : Math.min(probeTimeoutMs, slowCallMs);
  }

  #expiredReason(): string {
    return `a probe that did not settle within ${grouped(this.#leaseMs())} ms`;
  }
}

function isSameWindow({ window: left }: CheckedBreakerOptions, { window: right }: CheckedBreakerOptions): boolean {
  if (left?.type === 'count' && right?.type === 'count') return left.size === right.size;
  if (left?.type === 'time' && right?.type === 'time') return left.ms === right.ms;
  return left === right;
}
