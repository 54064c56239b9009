import type { Clock } from '../base/clock.js';
import type { BreakerState, OverrideState } from './breaker-events.js';
import type { BreakerMachine } from './breaker-machine.js';
import type { ErrorFacts } from '../base/error-facts.js';
import type { Ledger } from './ledger.js';
import type { Override } from './override.js';
import type { BreakerNumbers } from './transition.js';

/** A breaker as it is at a moment: JSON all the way down, times in ms since 1970. */
export interface BreakerSnapshot {
  readonly state: BreakerState;
  /** Successful, failed, ignored and rejected calls together. */
  readonly totalCalls: number;
  readonly successfulCalls: number;
  readonly failedCalls: number;
  /** Calls that ended and say nothing of the dependency's health. */
  readonly ignoredCalls: number;
  readonly rejectedCalls: number;
  /** Calls that took `slowCallMs` or longer, or have been found to run for so long. */
  readonly slowCalls: number;
  /** Calls that passed in `shadow` although they would have been rejected. */
  readonly wouldRejectCalls: number;
  /** Failed calls among the failed and successful ones: of the window where there is one, else of all. */
  readonly failureRate: number;
  readonly consecutiveFailures: number;
  /** When the circuit opened last; null while it is closed. */
  readonly openedAt: number | null;
  /** When a call may be let through again; null when that is not a matter of time. */
  readonly nextAttemptAt: number | null;
  readonly lastError: ErrorFacts | null;
  /** What stands in place of the breaker's own judgement. */
  readonly override: OverrideSnapshot | null;
}

/** An override as it is at a moment. */
export interface OverrideSnapshot {
  readonly state: OverrideState;
  readonly reason: string | null;
  readonly owner: string | null;
  readonly since: number | null;
  /** When it ends by itself; null when it does not. */
  readonly until: number | null;
}

/** What a breaker is made of, once more than plain successes have come. */
export interface BreakerParts {
  readonly machine: BreakerMachine;
  readonly ledger: Ledger;
  readonly override: Override | undefined;
}

/** What a breaker is in at a moment, whether or not a call has come to notice it. */
export function stateAt({ machine, override }: BreakerParts, nowMs: number): BreakerState {
  if (override !== undefined && override.leftMs(nowMs) > 0) return override.state;
  return machine.stateAt(nowMs);
}

/** When a call may be let through again, in ms of the monotonic clock; null when that is not a matter of time. */
export function nextAttemptAt(parts: BreakerParts, nowMs: number): number | null {
  const { machine, override } = parts;
  const state = stateAt(parts, nowMs);
  if (state === 'open') return nowMs + machine.waitLeftMs(nowMs);
  const leftMs = state === 'isolated' && override !== undefined ? override.leftMs(nowMs) : Infinity;
  return leftMs === Infinity ? null : nowMs + leftMs;
}

/** Share of failed calls among the failed and successful ones: of the window where there is one, else of all. */
export function failureRateOf(
  { machine, ledger }: Pick<BreakerParts, 'machine' | 'ledger'>,
  successfulCalls: number,
  { failureRate }: BreakerNumbers,
): number {
  if (machine.window !== undefined) return failureRate;
  return ledger.failedCalls === 0 ? 0 : ledger.failedCalls / (ledger.failedCalls + successfulCalls);
}

/** Reads a breaker, without `parts` one that has seen plain successes only; nothing about it changes. */
export function snapshotOf(parts: BreakerParts | undefined, successfulCalls: number, clock: Clock): BreakerSnapshot {
  if (parts === undefined) return { ...UNTROUBLED, totalCalls: successfulCalls, successfulCalls };
  const { machine, ledger, override } = parts;
  const nowMs = clock.now();
  const aheadMs = clock.wallNow() - nowMs;
  const toWall: ToWall = (ms) => (ms === null ? null : Math.round(ms + aheadMs));
  const { failedCalls, ignoredCalls, rejectedCalls, wouldRejectCalls, lastError } = ledger;
  const numbers = machine.numbersAt(nowMs);
  return {
    state: stateAt(parts, nowMs),
    totalCalls: successfulCalls + failedCalls + ignoredCalls + rejectedCalls,
    successfulCalls,
    failedCalls,
    ignoredCalls,
    rejectedCalls,
    slowCalls: ledger.slowCalls + machine.slowWhileRunning,
    wouldRejectCalls,
    failureRate: failureRateOf(parts, successfulCalls, numbers),
    consecutiveFailures: numbers.consecutiveFailures,
    openedAt: toWall(machine.openedAt ?? null),
    nextAttemptAt: toWall(nextAttemptAt(parts, nowMs)),
    lastError: lastError && { ...lastError },
    override: overrideSnapshot(override, nowMs, toWall),
  };
}

const UNTROUBLED: BreakerSnapshot = {
  state: 'closed',
  totalCalls: 0,
  successfulCalls: 0,
  failedCalls: 0,
  ignoredCalls: 0,
  rejectedCalls: 0,
  slowCalls: 0,
  wouldRejectCalls: 0,
  failureRate: 0,
  consecutiveFailures: 0,
  openedAt: null,
  nextAttemptAt: null,
  lastError: null,
  override: null,
};

/** From the monotonic clock to the time of day. */
type ToWall = (ms: number | null) => number | null;

function overrideSnapshot(override: Override | undefined, nowMs: number, toWall: ToWall): OverrideSnapshot | null {
  const leftMs = override?.leftMs(nowMs) ?? 0;
  if (override === undefined || leftMs === 0) return null;
  const { state, reason, owner, since } = override;
  return { state, reason, owner, since: toWall(since), until: toWall(leftMs === Infinity ? null : nowMs + leftMs) };
}
