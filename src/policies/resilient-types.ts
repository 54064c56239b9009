import type { Given } from '../base/options.js';
import type { AnyFunction, AsyncFunction, BulkFunction } from '../engine/any-function.js';
import type { CommonOptions } from '../engine/common-options.js';
import type { AnyPolicy } from '../engine/policy.js';
import type { ReadingDemand } from '../engine/reading-policy.js';
import type { Answering } from './fallback-types.js';

/** A policy that was made elsewhere, of the kind whose place it takes. */
export interface PolicyOf<Kind extends string> extends AnyPolicy {
  readonly kind: Kind;
}

/** A policy of a stack: with its defaults, without it, with options, or made elsewhere. */
export type Part<Kind extends string, Options> = boolean | Given<Options> | PolicyOf<Kind>;

/** A function that answers; a policy, which is a function too, is none. */
export type Alternative = AnyFunction & { readonly kind?: never };

/** What the parts of a stack demand of a function: a union, as `DemandingPolicy` takes it. */
export type PartDemands<Options> = Options extends unknown
  ? { [Name in PartName<Options>]: DemandOf<Name, PartIn<Options, Name>> }[PartName<Options>]
  : never;

/** The parts that there may be; a preset sets two that make calls wait. */
type PartName<Options> = Exclude<keyof Options | 'retry' | 'timeout', keyof CommonOptions | 'preset'>;

/** What stands for a part: what is given, or what a preset puts there where nothing is. */
type PartIn<Options, Name> = Name extends keyof Options
  ? [Name, {}] extends ['batched', Pick<Options, Name>]
    ? // What merely may merge cannot be held to it: of functions in general, hardly one could bear it.
      PolicyOf<'batched'>
    : Options[Name] | (undefined extends Options[Name] ? FromPreset<Options> : never)
  : FromPreset<Options>;

type FromPreset<Options> = 'preset' extends keyof Options
  ? [Options['preset' & keyof Options]] extends [undefined]
    ? never
    : true
  : never;

/** What one part demands, for each form that its type allows. */
type DemandOf<Name, Given> = Given extends false | undefined
  ? never
  : Given extends AnyPolicy
    ? Given
    : Name extends 'fallback'
      ? AnswerOf<Given>
      : ReadingDemand<{ serves: Served<Name, Given>; by: Held<Given, Reader>; judge: Held<Given, Judge> }>;

/** A name that only the running program knows cannot be checked. */
type AnswerOf<Given> = Given extends boolean ? never : string extends Given ? never : Answering<Given>;

/** What a part of that name serves, with those options. */
type Served<Name, Given> = Name extends 'retry' | 'hedge' | 'deadline' | 'timeout'
  ? AsyncFunction
  : Name extends 'batched'
    ? BulkFunction
    : [Held<Given, WaitsBy[keyof WaitsBy & Name]>] extends [0 | undefined]
      ? AnyFunction
      : AsyncFunction;

/** The option that makes a policy wait, unless it is 0 or not given. */
interface WaitsBy {
  bulkhead: 'maxQueue';
  cached: 'store';
  rateLimit: 'store';
  chaos: 'latencyMs';
}

/** The options that get the arguments of a call, and those that get its value. */
type Reader = 'key' | 'ms';
type Judge = 'cacheIf' | 'isFailureResult' | 'retryIfResult';

/** What options hold under any of those names. */
type Held<Given, Names> = [keyof Given & Names] extends [never] ? undefined : Given[keyof Given & Names];
