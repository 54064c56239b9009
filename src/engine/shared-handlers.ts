import { Call } from './call.js';
import type { Plan, SharedHandlers } from './plan.js';
import { fail } from './run.js';
import type { FixedStage, HoldingCall } from './stage.js';

/** Handlers for the quick calls of a plan that hold these permits, one for each stage. */
function handlersFor(plan: Plan, permits: readonly unknown[]): SharedHandlers {
  const succeeded = succeededWith(plan, permits);
  const failed = failedWith(plan, permits);
  const deaf = succeeded === undefined && failed === undefined;
  const held = plan.door === undefined || plan.door.position === -1 ? undefined : permits[plan.door.position];
  return { plan, permits, held, succeeded, failed, deaf };
}

/** Handlers for a call that holds other permits than the one before; the calls that come now are likely to hold them too. */
export function holding(plan: Plan, permits: readonly unknown[]): SharedHandlers {
  plan.handlers = handlersFor(plan, permits);
  return plan.handlers;
}

function succeededWith(
  { stages, quickUntil, outerHolder }: Plan,
  permits: readonly unknown[],
): SharedHandlers['succeeded'] {
  const hearing = stages
    .slice(0, quickUntil)
    .flatMap((stage, position) => (stage.succeeded === undefined ? [] : [position]))
    .reverse();
  if (hearing.length === 0) return undefined;
  const [innermost] = hearing as [number];
  const held = permits[innermost];
  const settleInnermost = stages[innermost]?.succeeded as NonNullable<FixedStage['succeeded']>;
  // One guard is what most stacks have: no loop for it.
  const settleOne = (value: unknown) => {
    settleInnermost(held, value);
    return value;
  };
  const settleAll = (value: unknown) => {
    for (const position of hearing) stages[position]?.succeeded?.(permits[position], value);
    return value;
  };
  const settleHolders = (value: unknown, call?: HoldingCall) => {
    for (const position of hearing) {
      const stage = stages[position] as FixedStage;
      let permit = permits[position];
      if (stage.hold !== undefined) permit = position === outerHolder ? call?.outerHeld : call?.innerHeld;
      stage.succeeded?.(permit, value, call);
    }
    return value;
  };
  if (outerHolder !== -1) return settleHolders;
  return hearing.length === 1 ? settleOne : settleAll;
}

function failedWith(plan: Plan, permits: readonly unknown[]): SharedHandlers['failed'] {
  if (!plan.hearsFailures || plan.answers) return undefined;
  return (error) => {
    const failed = new Call(
      plan,
      noFunction,
      undefined,
      undefined,
      undefined,
      undefined,
      0,
      undefined,
      permits.slice(),
    );
    return fail(failed, plan.quickUntil - 1, error);
  };
}

function noFunction(): undefined {
  return undefined;
}
