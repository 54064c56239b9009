import { classify as defaultClassify } from '../base/classify.js';
import { checkOptions, type Given, type OptionRules } from '../base/options.js';
import type { Classify } from '../base/severity.js';
import { registry as defaultRegistry } from '../registry/default-registry.js';
import type { Registry } from '../registry/registry.js';
import type { AnyFunction } from './any-function.js';
import { bindConfigured, type Coded, rebindConfigured, waitsWith } from './configured.js';
import { type CommonOptions, commonRules } from './common-options.js';
import { policyOf } from './policy-value.js';
import type { AnyPolicy, Policy } from './policy.js';
import type { Site } from './site.js';
import type { Spec } from './spec.js';
import type { Stage } from './stage.js';

/** All there is to say of a policy: the engine makes its faces, checks, name, events and fusion of it. */
export interface PolicyDefinition<Kind extends string, Options extends object, Permit> {
  /** Names the policy in code, docs, events and errors. */
  kind: Kind;
  /** What it does, in one sentence, for the docs. */
  summary: string;
  /** A rule for each option; `name`, where there is one, is the name of the policy's part in the registry. */
  options: OptionRules<Options>;
  /**
   * Checks the options in the place of the rules, and fills in the defaults: for rules between options, and defaults that
   * depend on others.
   */
  check?(given: Partial<Options>): Readonly<Options>;
  /** Whether calls must be answered with promises, for every function or with these options. @default false */
  waits?: boolean | ((options: Readonly<Options>) => boolean);
  /**
   * Options that say the same in other ways, in groups: what a configuration sets of one group puts what code says of the
   * others aside.
   */
  alternatives?: readonly (readonly (keyof Options & string)[])[];
  /** Makes what runs round the calls of one place; called once a place, before its first call, and when its options change. */
  bind(site: Site, options: Readonly<Options>): Stage<Permit>;
}

/**
 * Makes a policy of your own: it is a decorator in both modes, a wrapper and `execute`, and is fused with the others.
 * @returns a function that takes the options and gives the policy
 * @throws {TypeError | RangeError} from that function, for options that are not as the rules say
 * @example
 * const logged = definePolicy<'logged', { prefix?: string }>({
 *   kind: 'logged',
 *   summary: 'Prints each failure.',
 *   options: { prefix: text({ default: '!' }) },
 *   bind: (site, { prefix }) => ({ failed: (_, error) => console.error(prefix, site.name, error) }),
 * });
 */
export function definePolicy<
  Kind extends string,
  Options extends object,
  Fn extends AnyFunction = AnyFunction,
  Permit = unknown,
>(
  definition: PolicyDefinition<Kind, Options, Permit>,
): (options?: Given<Options & CommonOptions>) => Policy<Kind, Options & CommonOptions, Fn> {
  const { kind } = definition;
  const check = definition.check ?? ((given) => checkOptions(kind, definition.options, given));
  return (given) => {
    const { common, rest } = divide(given === undefined ? {} : given);
    const { registry, classify, async } = checkOptions(kind, commonRules, common);
    const own = check(rest as Partial<Options>);
    const said = Object.keys(rest).length === 0 ? nothing : rest;
    const options = Object.keys(common).length === 0 ? own : Object.freeze({ ...own, ...common });
    return policyOf<Kind, Options & CommonOptions, Fn>(kind, options as Options & CommonOptions, (policy) => [
      new DefinedSpec(policy, definition as unknown as PolicyDefinition<string, object, never>, said, own, {
        registry: registry ?? defaultRegistry,
        classify: classify ?? defaultClassify,
        waits: waitsWith(definition, own),
        async: async ?? false,
      }),
    ]);
  };
}

/** Shared by all policies without options. */
const nothing: object = Object.freeze({});

/** What the engine applies for a policy that was defined so. */
class DefinedSpec implements Spec, Coded {
  readonly policy: AnyPolicy;
  readonly registry: Registry;
  readonly classify: Classify;
  readonly waits: boolean;
  readonly async: boolean;
  readonly definition: PolicyDefinition<string, object, never>;
  readonly given: object;
  readonly own: Readonly<object>;

  constructor(
    policy: AnyPolicy,
    definition: PolicyDefinition<string, object, never>,
    given: object,
    own: Readonly<object>,
    common: Pick<Spec, 'registry' | 'classify' | 'waits' | 'async'>,
  ) {
    this.policy = policy;
    this.registry = common.registry;
    this.classify = common.classify;
    this.waits = common.waits;
    this.async = common.async;
    this.definition = definition;
    this.given = given;
    this.own = own;
  }

  get kind(): string {
    return this.definition.kind;
  }

  get givenName(): string | undefined {
    return (this.own as { name?: string }).name;
  }

  bind(site: Site): Stage<never> {
    return bindConfigured(site, this);
  }

  rebind(site: Site): Stage<never> | undefined {
    return rebindConfigured(site, this);
  }

  check(given: object): Readonly<object> {
    const { kind, options } = this.definition;
    return this.definition.check?.(given) ?? checkOptions(kind, options, given);
  }
}

/** What every policy takes, and what is this one's own. */
function divide(given: object): { common: CommonOptions; rest: object } {
  // What is no options object at all is refused with the rest.
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return { common: {}, rest: given };
  const isCommon = ([name]: [string, unknown]) => Object.hasOwn(commonRules, name);
  const entries = Object.entries(given);
  const common = entries.filter((entry) => isCommon(entry) && entry[1] !== undefined);
  return {
    common: Object.fromEntries(common),
    rest: Object.fromEntries(entries.filter((entry) => !isCommon(entry))),
  };
}
