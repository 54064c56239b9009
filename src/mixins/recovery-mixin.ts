import { callerSignal, withSignal } from '../base/caller-signal.js';
import { having, text } from '../base/option-rules.js';
import { checkOption, checkOptions, type OptionRule, type OptionRules, show } from '../base/options.js';
import { registry as shared } from '../registry/default-registry.js';
import { FallbackHandlers } from '../registry/fallback-handlers.js';
import type { Constructor, Mixin } from './mixin.js';
import type { RecoveryOptions } from './recovery-options.js';
import { type RecoveringCall, stackFor } from './recovery-stacks.js';

/** What one call of an operation takes. */
export interface RecoverOptions<Args extends readonly unknown[] = readonly unknown[]> {
  /** What `run` is called with, and the fallback. @default [] */
  args?: Args;
  /** Ends the call, its waits included. */
  signal?: AbortSignal | undefined;
}

/** What {@link RecoveryMixin} gives to instances. */
export interface RecoveryMembers {
  /** How operations recover: as the class says, until it is set. */
  recoveryOptions: RecoveryOptions;
  /** Who answers for an operation that has failed, by its name; before those of the registry. */
  readonly fallbacks: FallbackHandlers;
  /**
   * Runs an operation behind the breaker, the retries and the fallback of its name. `callContext()` tells `run` of its
   * attempt, and of the signal that says when nobody waits any more.
   * @param operation What sort of call it is, such as `'getStatus'`: all calls of that name share a breaker.
   * @param run Is called with the service as `this`, at each attempt.
   */
  recover<Result>(
    operation: string,
    run: () => Result,
    options?: Omit<RecoverOptions, 'args'>,
  ): Promise<Awaited<Result>>;
  /** The same for a `run` with arguments, which the fallback gets too. */
  recover<Args extends readonly unknown[] | [], Result>(
    operation: string,
    run: (...args: Args) => Result,
    options: RecoverOptions<Args> & { args: Args },
  ): Promise<Awaited<Result>>;
}

/** What {@link RecoveryMixin} gives to the class. */
export interface RecoveryStatics {
  /** How operations of its instances recover; read at the first call of each. @default {} */
  recoveryOptions: RecoveryOptions;
}

/**
 * A breaker, retries and fallbacks for each operation of a service class, by the name of the operation.
 * @example
 * class HostService extends mixin(BaseService, RecoveryMixin) {
 *   static override recoveryOptions = { timeout: { ms: 2_000 } };
 *   getStatus(host: string) {
 *     return this.recover('getStatus', (name: string) => this.api.status(name), { args: [host] });
 *   }
 * }
 * service.fallbacks.register('getStatus', (host: string) => ({ host, status: 'unknown' }));
 */
export const RecoveryMixin: Mixin<RecoveryMembers, RecoveryStatics> = <Base extends Constructor>(base: Base) => {
  abstract class Recovery extends base {
    static recoveryOptions: RecoveryOptions = {};

    get recoveryOptions(): RecoveryOptions {
      return (this.constructor as Partial<RecoveryStatics>).recoveryOptions ?? NONE;
    }

    set recoveryOptions(options: RecoveryOptions) {
      Object.defineProperty(this, 'recoveryOptions', {
        value: options,
        configurable: true,
        enumerable: true,
        writable: true,
      });
    }

    get fallbacks(): FallbackHandlers {
      let own = handlers.get(this);
      if (own === undefined) handlers.set(this, (own = new FallbackHandlers()));
      return own;
    }

    recover<Args extends readonly unknown[] | [], Result>(
      operation: string,
      run: (...args: Args) => Result,
      options?: RecoverOptions<Args>,
    ): Promise<Awaited<Result>> {
      return recoverOf(this, this.recoveryOptions, { operation, run: run as Run, options }) as Promise<Awaited<Result>>;
    }
  }
  return Recovery;
};

const NONE: RecoveryOptions = {};
const NO_OPTIONS: RecoverOptions = {};

// A service that is not used any more takes its handlers with it.
const handlers = new WeakMap<object, FallbackHandlers>();

type Run = (...args: unknown[]) => unknown;

interface RecoverRequest {
  readonly operation: string;
  readonly run: Run;
  readonly options: RecoverOptions | undefined;
}

const argsRule: OptionRule<readonly unknown[]> = { takes: 'an array of arguments', type: Array.isArray };

const callRules: OptionRules<RecoverOptions> = {
  args: argsRule,
  signal: having<AbortSignal>('an AbortSignal', ['addEventListener', 'throwIfAborted']),
};

/** Async, so that what is wrong with a call is answered as its failures are. */
async function recoverOf(
  service: object,
  given: RecoveryOptions,
  { operation, run, options }: RecoverRequest,
): Promise<unknown> {
  checkOption('recover', 'operation', text(), operation);
  if (typeof run !== 'function') {
    throw new TypeError(`recover('${operation}', …) takes a function that runs it, got ${show(run)}`);
  }
  const { args = [], signal } = options === undefined ? NO_OPTIONS : checkOptions('recover', callRules, options);
  const stack = stackFor(service, operation, given);
  // A signal that was added for the engine is none of the function's arguments.
  const onService = (fn: Run) => (all: readonly unknown[]) => fn.apply(service, all.slice(0, args.length));
  const call: RecoveringCall = {
    run: onService(run),
    fallback(site) {
      const { fallbacks } = given.registry ?? shared;
      const handler = handlers.get(service)?.get(operation) ?? fallbacks.get(site) ?? fallbacks.get(operation);
      return handler && onService(handler as Run);
    },
  };
  return stack.recover.apply(call, withCaller(args, signal));
}

/** The arguments with the caller's signal among them, which is where the engine looks for it. */
function withCaller(args: readonly unknown[], signal: AbortSignal | undefined): unknown[] {
  if (signal === undefined) return [...args];
  const own = callerSignal(args);
  if (own === undefined) return [...args, signal];
  const either = AbortSignal.any([own, signal]);
  return args.map((argument) => withSignal(argument, own, either));
}
