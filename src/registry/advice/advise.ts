import type { LivingMember } from '../members.js';
import { type Advice, adviceOf, type Finding } from './advice.js';
import * as attempts from './attempt-rules.js';
import { type Counted, Evidence } from './evidence.js';
import * as order from './order-rules.js';
import * as outcome from './outcome-rules.js';
import { CallCosts } from './call-costs.js';
import { Stack } from './stack.js';
import * as time from './time-rules.js';
import * as traffic from './traffic-rules.js';

/** What can be said of a stack by its policies alone. */
type Rule = (stack: Stack) => Finding[];
/** What can be said of one by what its calls came to. */
type RuleInUse = (inUse: traffic.InUse) => Finding[];

const RULES: readonly Rule[] = [
  attempts.attemptsMultiply,
  attempts.endlessRetry,
  attempts.longCall,
  attempts.oneCallOpensCircuit,
  attempts.breakerCountsOnce,
  attempts.limitsRoundRetry,
  time.limitNeverReached,
  time.retryInTime,
  time.hangIsNotRetried,
  time.deadlineInsideRetry,
  time.retriesInStep,
  time.durationsInside,
  time.endlessQueue,
  order.guardOutsideCache,
  order.hedgeJoinsItsRun,
  order.fallbackIsInside,
  order.deadLetterPerAttempt,
  order.chaosIsOn,
];

const RULES_IN_USE: readonly RuleInUse[] = [
  traffic.tooLittleTraffic,
  traffic.cacheKeyAlwaysNew,
  traffic.unknownCache,
  outcome.fallbackHidesErrors,
  outcome.fallbackHidesBugs,
  outcome.retryAfters,
  outcome.retriesRejections,
  outcome.retriesInVain,
];

/**
 * What a person who knows the field would say of these members: by site, warnings first, then by rule.
 * @param nowMs In ms of the registry's clock.
 */
export function advise(members: readonly LivingMember[], registry: Counted, nowMs: number): Advice[] {
  const evidence = new Evidence(registry);
  const costs = new CallCosts(members, evidence);
  const all = members.flatMap(({ member: { site, policies }, since }) => {
    const stack = new Stack(policies, costs.ofFunction(site));
    const inUse = { site, stack, evidence, watchedMs: nowMs - since };
    const findings = [...RULES.flatMap((rule) => rule(stack)), ...RULES_IN_USE.flatMap((rule) => rule(inUse))];
    return findings.map((finding) => adviceOf(site, finding));
  });
  // Functions of one name that are wrapped alike are told of once.
  const told = [...new Map(all.map((advice) => [advice.text, advice])).values()];
  return told.sort(
    (left, right) =>
      compare(left.site, right.site) ||
      compare(right.severity, left.severity) ||
      compare(left.rule, right.rule) ||
      compare(left.text, right.text),
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
