import { anything, having, text } from '../base/option-rules.js';
import { checkOptions, type OptionRule, type OptionRules } from '../base/options.js';
import type { ResilientOptions } from '../policies/resilient.js';
import type { Registry } from '../registry/registry.js';

/** What stands round an operation; each as `resilient` takes it. */
export interface RecoveryPolicies
  extends Pick<
    ResilientOptions,
    | 'preset'
    | 'timed'
    | 'deadline'
    | 'retry'
    | 'hedge'
    | 'rateLimit'
    | 'throttle'
    | 'shed'
    | 'circuitBreaker'
    | 'timeout'
    | 'bulkhead'
    | 'adaptiveLimit'
    | 'chaos'
    | 'classify'
  > {}

/** How the operations of a service recover: with a breaker each and retries, unless it says otherwise. */
export interface RecoveryOptions extends RecoveryPolicies {
  /** Stands before the operation in its name, `name.operation`: for classes that are anonymous or minified. @default the name of the class */
  name?: string;
  /** Where breakers, events and counts of the operations are. @default the shared `registry` */
  registry?: Registry;
  /** What is different for single operations, by name: a policy given there stands in the place of the one for all. @default {} */
  operations?: Readonly<Record<string, RecoveryPolicies>>;
}

const OWNER = 'RecoveryMixin';

/** What they hold is checked by `resilient`, which they go to. */
const policyRules: OptionRules<RecoveryPolicies> = {
  preset: anything(),
  timed: anything(),
  deadline: anything(),
  retry: anything(),
  hedge: anything(),
  rateLimit: anything(),
  throttle: anything(),
  shed: anything(),
  circuitBreaker: anything(),
  timeout: anything(),
  bulkhead: anything(),
  adaptiveLimit: anything(),
  chaos: anything(),
  classify: anything(),
};

const operationsRule: OptionRule<Readonly<Record<string, RecoveryPolicies>>> = {
  takes: 'an object with policies for each operation',
  type: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

const recoveryRules: OptionRules<RecoveryOptions> = {
  ...policyRules,
  name: text(),
  registry: having('a Registry', ['snapshot', 'topic', 'emit', 'close']),
  operations: operationsRule,
};

/** What stands round one operation, and under which name. */
export interface OperationPlan {
  /** Such as `'HostService.getStatus'`. */
  readonly site: string;
  readonly registry: Registry | undefined;
  readonly policies: RecoveryPolicies;
}

/**
 * What the options of a service say of one of its operations.
 * @throws {TypeError | RangeError} for options that are not as they should be
 */
export function planFor(operation: string, className: string, given: RecoveryOptions): OperationPlan {
  const { name = className, registry, operations = {}, ...forAll } = checkOptions(OWNER, recoveryRules, given);
  const own = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  const forThis = checkOptions(`${OWNER}, operation '${operation}'`, policyRules, own);
  const policies: RecoveryPolicies = { ...forAll, ...forThis };
  return {
    site: name === '' ? operation : `${name}.${operation}`,
    registry,
    // A preset sets both itself.
    policies: policies.preset === undefined ? { retry: true, circuitBreaker: true, ...policies } : policies,
  };
}
