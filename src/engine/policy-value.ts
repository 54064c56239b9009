import type { AnyFunction, Callable } from './any-function.js';
import { Executor } from './executor.js';
import { applyTo } from './faces.js';
import type { AnyPolicy, Policy } from './policy.js';
import type { Spec } from './spec.js';

const SPECS = Symbol.for('holdfast.policy.v1');

/** A policy value as it is at run time. */
interface PolicyValue {
  (...given: unknown[]): unknown;
  kind: string;
  options: object;
  [SPECS]: readonly Spec[];
}

/** Made for those policies alone that are used for single calls. */
const executors = new WeakMap<PolicyValue, Executor>();

// One getter for all policies, and their names by a computed key: a method of each one's own and a redefined name would
// cost half a kilobyte a policy, which a program has by the thousand.
const face = Object.create(Function.prototype, {
  execute: {
    get(this: PolicyValue): (fn: Callable, ...args: unknown[]) => unknown {
      return (fn, ...args) => executorOf(this).run(fn, args);
    },
  },
}) as object;

/** Makes a policy value of what the engine is to apply for it, outermost first. */
export function policyOf<Kind extends string, Options extends object, Fn extends AnyFunction>(
  kind: Kind,
  options: Readonly<Options>,
  specsOfPolicy: (policy: AnyPolicy) => readonly Spec[],
): Policy<Kind, Options, Fn> {
  const named = { [kind]: (...given: unknown[]): unknown => applyTo(kind, policy[SPECS], given) };
  const policy = Object.setPrototypeOf(named[kind], face) as PolicyValue;
  policy.kind = kind;
  policy.options = options;
  policy[SPECS] = specsOfPolicy(policy as AnyPolicy);
  return policy as unknown as Policy<Kind, Options, Fn>;
}

/** What the engine applies for a policy value, outermost first; undefined for anything else. */
export function specsOf(candidate: unknown): readonly Spec[] | undefined {
  return typeof candidate === 'function' ? (candidate as Partial<PolicyValue>)[SPECS] : undefined;
}

/** Whether a value is a policy, of whichever copy of the package. */
export function isPolicy(candidate: unknown): candidate is AnyPolicy {
  return specsOf(candidate) !== undefined;
}

function executorOf(policy: PolicyValue): Executor {
  let executor = executors.get(policy);
  if (executor === undefined) executors.set(policy, (executor = new Executor(policy.kind, policy[SPECS])));
  return executor;
}
