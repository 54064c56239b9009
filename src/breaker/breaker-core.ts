import {
  type ActName,
  type ActOptions,
  type BreakerAct,
  type BreakerState,
  type BreakerTransition,
  type StateChange,
  type WouldReject,
} from './breaker-events.js';
import { tell } from '../base/tell.js';
import type { CircuitOpenError } from '../base/errors.js';
import { BreakerMachine } from './breaker-machine.js';
import type { BreakerSettings } from './breaker-settings.js';
import { failureRateOf, nextAttemptAt, stateAt } from './breaker-snapshot.js';
import type { ErrorFacts } from '../base/error-facts.js';
import type { Given } from '../base/options.js';
import { Ledger } from './ledger.js';
import { FAILED, SLOW } from './outcome-window.js';
import { checkAct, Override, overrideOf } from './override.js';
import { type Permit, type SharedPermit, sharedPermit, TimedPermit, UNBOUND } from './permit.js';
import { nameOf, Rejections, type Site } from './rejections.js';
import type { MachineTransition } from './transition.js';
import { grouped } from '../base/wording.js';

/**
 * A breaker beyond its count of successes: its judgement, what overrides it, what it has counted, and the telling of it.
 * It is made with the first thing that is no plain success: breakers are kept by the thousand, and most see nothing else.
 */
export class BreakerCore {
  /** What a call gets without a look at anything else; undefined when there is something to look at. */
  ready: SharedPermit | undefined = undefined;
  override: Override | undefined;
  readonly machine: BreakerMachine;
  readonly ledger: Ledger = new Ledger();
  readonly #settings: BreakerSettings;
  readonly #key: string | undefined;
  readonly #successes: () => number;
  #rejections: Rejections | undefined = undefined;

  /** @param successes How many calls have succeeded by now; those before this was made were all in good time. */
  constructor(settings: BreakerSettings, key: string | undefined, successes: () => number) {
    this.#settings = settings;
    this.#key = key;
    this.#successes = successes;
    this.machine = new BreakerMachine(settings.options, settings.random, successes());
    this.override = settings.standing;
    this.#refresh();
  }

  stateAt(nowMs: number): BreakerState {
    return stateAt(this, nowMs);
  }

  /** Whether one more success of this permit would change nothing but its count. */
  takesForGranted(permit: Permit): boolean {
    return permit === this.ready && this.machine.untroubled;
  }

  /** Looks at all that stands between a call and its permit; the error is returned, for throwing costs as much again. */
  admit(site: Site | undefined): Permit | CircuitOpenError {
    const nowMs = this.#settings.clock.now();
    this.#noticeTtl(nowMs);
    const override = this.override;
    if (override?.state === 'isolated') {
      this.ledger.rejectedCalls++;
      return this.#rejectionsNow().byOverride(override, override.leftMs(nowMs), site);
    }
    if (override?.state === 'disabled') return this.#unbound(nowMs);
    const { machine } = this;
    for (let change = machine.notice(nowMs); change !== undefined; change = machine.notice(nowMs)) this.#report(change);
    // A listener may have acted.
    if (override !== this.override) return this.ready ?? this.admit(site);
    const permit = machine.admit(nowMs);
    if (permit !== undefined) return permit;
    if (override !== undefined) return this.#passInShadow(machine, nowMs, site);
    this.ledger.rejectedCalls++;
    return this.#rejectionsNow().byMachine(machine, nowMs, site);
  }

  /** A call has ended as a failure; `facts` of its error, where there was one. */
  bookFailure(permit: Permit, facts?: ErrorFacts): void {
    this.ledger.failedCalls++;
    if (facts !== undefined) this.ledger.lastError = facts;
    this.#book(permit, FAILED);
  }

  /** A call has ended well; the one who asks has counted it. */
  bookSuccess(permit: Permit): void {
    this.#book(permit, 0);
  }

  /** A call has ended and says nothing. */
  bookIgnored(permit: Permit): void {
    this.ledger.ignoredCalls++;
    if (permit.shared) return;
    this.#isSlow(permit, this.#settings.clock.now());
    this.machine.ignore(permit);
  }

  /** Does what an operator wants, and tells of it. */
  act(act: ActName, given: Given<ActOptions>): void {
    const options = checkAct(act, given);
    const nowMs = this.#settings.clock.now();
    this.#noticeTtl(nowMs);
    const { machine } = this;
    const from = this.stateAt(nowMs);
    const numbers = machine.numbersAt(nowMs);
    const state = overrideOf[act];
    this.override = state && new Override(state, options, nowMs);
    if (act === 'reset') machine.reset();
    if (act === 'isolate' || act === 'disable') machine.interrupt();
    this.#refresh();
    const { reason = act, owner = null, ttlMs = null } = options;
    const to = this.stateAt(nowMs);
    const change = this.#describe({ from, to, cause: 'act', reason, at: nowMs, numbers }, owner);
    if (from !== to) this.#tellOf(change);
    tell((done: BreakerAct) => this.#settings.context.onAct?.(done), { ...change, act, ttlMs });
  }

  /** Goes by the options that the settings bear now. */
  heed(): void {
    this.machine.reconfigure(this.#settings.options);
    this.#refresh();
  }

  /** Ends an override whose time is up: like all that time does, the next call notices it. */
  #noticeTtl(nowMs: number): void {
    const override = this.override;
    if (override === undefined || override.leftMs(nowMs) > 0) return;
    this.override = undefined;
    this.#refresh();
    const reason = `${override.state} for ${grouped(override.ttlMs)} ms`;
    const numbers = this.machine.numbersAt(nowMs);
    const change = {
      from: override.state,
      to: this.stateAt(nowMs),
      cause: 'ttl-over',
      reason,
      at: nowMs,
      numbers,
    } as const;
    this.#tellOf(this.#describe(change, override.owner));
  }

  #passInShadow(machine: BreakerMachine, nowMs: number, site: Site | undefined): Permit {
    this.ledger.wouldRejectCalls++;
    const { name, context } = this.#settings;
    const rejection = { name, key: this.#key, site: nameOf(site), state: machine.state, at: nowMs };
    tell((rejected: WouldReject) => context.onWouldReject?.(rejected), rejection);
    return this.#unbound(nowMs);
  }

  #unbound(nowMs: number): Permit {
    const { slowCallMs } = this.#settings.options;
    return slowCallMs === undefined ? sharedPermit(UNBOUND) : new TimedPermit(UNBOUND, nowMs);
  }

  #book(permit: Permit, marks: number): void {
    const { machine } = this;
    // Nothing but the call's duration, or what it may change, is worth a look at the clock.
    const nowMs = permit.shared && marks === 0 && !machine.heedsSuccess ? 0 : this.#settings.clock.now();
    const slow = !permit.shared && this.#isSlow(permit, nowMs) ? SLOW : 0;
    const change = machine.settle(permit, marks | slow, nowMs);
    if (change !== undefined) this.#report(change);
  }

  /** Whether an ended call was slow; counts it, unless it was counted while it ran. */
  #isSlow(permit: TimedPermit, nowMs: number): boolean {
    if (permit.overdue) return true;
    const { slowCallMs = Infinity } = this.#settings.options;
    const slow = nowMs - permit.startedAt >= slowCallMs;
    if (slow) this.ledger.slowCalls++;
    return slow;
  }

  #report(change: MachineTransition): void {
    this.#refresh();
    this.#tellOf(this.#describe(change, null));
  }

  #tellOf(transition: BreakerTransition): void {
    tell((change: BreakerTransition) => this.#settings.context.onTransition?.(change), transition);
  }

  #describe(change: StateChange, owner: string | null): BreakerTransition {
    const { numbers, ...rest } = change;
    return {
      name: this.#settings.name,
      key: this.#key,
      ...rest,
      ...numbers,
      failureRate: failureRateOf(this, this.#successes(), numbers),
      nextAttemptAt: nextAttemptAt(this, change.at),
      lastError: this.ledger.lastError?.message ?? null,
      owner,
      effect: this.override?.state === 'shadow' && change.cause !== 'act' ? 'shadowed' : 'real',
    };
  }

  #rejectionsNow(): Rejections {
    return (this.#rejections ??= new Rejections(this.#settings, this.#key, this.ledger));
  }

  #refresh(): void {
    const plain = this.override === undefined && this.#settings.options.slowCallMs === undefined;
    this.ready = plain && this.machine.state === 'closed' ? this.machine.shared : undefined;
  }
}
