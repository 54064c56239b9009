import type { LivingMember } from '../members.js';
import { type Advice, adviceOf, type Finding } from './advice.js';
import * as attempts from './attempt-rules.js';
import * as order from './order-rules.js';
import { Stack } from './stack.js';
import * as time from './time-rules.js';

/** What can be said of a stack by its policies alone. */
type Rule = (stack: Stack) => Finding[];

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

/** What a person who knows the field would say of these members: by site, warnings first, then by rule. */
export function advise(members: readonly LivingMember[]): Advice[] {
  const all = members.flatMap(({ member: { site, policies } }) => {
    const stack = new Stack(policies);
    return RULES.flatMap((rule) => rule(stack)).map((finding) => adviceOf(site, finding));
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
