import type { BreakerState } from './breaker-events.js';
import type { BreakerSnapshot } from './breaker-snapshot.js';

/** A family of breakers as it is at a moment: what they have counted together, and each by its key. JSON all the way down. */
export interface KeyedSnapshot extends BreakerSnapshot {
  readonly maxKeys: number;
  /** Breakers that were forgotten to make room; what they had counted is gone with them. */
  readonly forgotten: number;
  /** The breakers, by key, in the order of their keys. */
  readonly keys: Readonly<Record<string, BreakerSnapshot>>;
}

const WORST_FIRST: readonly BreakerState[] = ['isolated', 'open', 'half-open', 'shadow', 'disabled', 'closed'];

/** The worst state of several; of none at all, `closed`. */
export function worstOf(states: readonly BreakerState[]): BreakerState {
  return WORST_FIRST.find((state) => states.includes(state)) ?? 'closed';
}

/** What the members of a family come to together: counts are summed, and the worst member speaks for the rest. */
export function familySnapshot(
  keys: Readonly<Record<string, BreakerSnapshot>>,
  family: { state: BreakerState; maxKeys: number; forgotten: number },
): KeyedSnapshot {
  const members = Object.values(keys);
  const sum = (count: (member: BreakerSnapshot) => number) => members.reduce((total, one) => total + count(one), 0);
  const failedCalls = sum((one) => one.failedCalls);
  const successfulCalls = sum((one) => one.successfulCalls);
  const speaker = members.find((one) => one.state === family.state);
  return {
    ...family,
    totalCalls: sum((one) => one.totalCalls),
    successfulCalls,
    failedCalls,
    ignoredCalls: sum((one) => one.ignoredCalls),
    rejectedCalls: sum((one) => one.rejectedCalls),
    slowCalls: sum((one) => one.slowCalls),
    wouldRejectCalls: sum((one) => one.wouldRejectCalls),
    failureRate: failedCalls === 0 ? 0 : failedCalls / (failedCalls + successfulCalls),
    consecutiveFailures: Math.max(0, ...members.map((one) => one.consecutiveFailures)),
    openedAt: speaker?.openedAt ?? null,
    nextAttemptAt: speaker?.nextAttemptAt ?? null,
    lastError: speaker?.lastError ?? null,
    override: speaker?.override ?? null,
    keys,
  };
}
