import { LRUCache } from 'lru-cache';
import { callContext } from '../engine/running.js';
import { memberOf } from '../engine/wrapper.js';
import { fallback } from '../policies/fallback.js';
import { resilient } from '../policies/resilient.js';
import { sameOptions } from '../registry/same-options.js';
import { planFor, type RecoveryOptions } from './recovery-options.js';

/** One call of an operation. It is the `this` of the fused function, so that its arguments are the user's own. */
export interface RecoveringCall {
  /** Runs the operation itself, on the service. */
  run(args: readonly unknown[]): unknown;
  /** What answers for it, on the service, if anything does. */
  fallback(site: string): ((args: readonly unknown[]) => unknown) | undefined;
}

/** All that stands round an operation, fused: made once, for all who say the same of it. */
export interface Stack {
  readonly operation: string;
  readonly options: RecoveryOptions;
  readonly recover: (this: RecoveringCall, ...args: unknown[]) => Promise<unknown>;
}

/** Stacks that a class may have; a name of its own for each call would fill the registry. */
const MAX_STACKS = 1_000;

const byClass = new WeakMap<object, OperationStacks>();

/**
 * The stack of an operation, made at its first call.
 * @throws {TypeError | RangeError} for options that are not as they should be
 */
export function stackFor(service: object, operation: string, options: RecoveryOptions): Stack {
  const { constructor } = service;
  let stacks = byClass.get(constructor);
  if (stacks === undefined) byClass.set(constructor, (stacks = new OperationStacks(constructor.name)));
  return stacks.obtain(operation, options);
}

/** The stacks of a class. Its instances share those for which they have equal options, and so their breakers. */
class OperationStacks {
  readonly #className: string;
  readonly #byOperation = new Map<string, Variants>();
  // Bounded by size: a bound by number sets the room for all of them aside at once.
  readonly #recent: LRUCache<Stack, Stack> = new LRUCache<Stack, Stack>({
    maxSize: MAX_STACKS,
    sizeCalculation: () => 1,
    dispose: (stack) => this.#forget(stack),
  });

  constructor(className: string) {
    this.#className = className;
  }

  obtain(operation: string, options: RecoveryOptions): Stack {
    let variants = this.#byOperation.get(operation);
    if (variants === undefined) this.#byOperation.set(operation, (variants = new Variants()));
    const known = variants.find(options);
    if (known !== undefined) {
      this.#recent.get(known);
      return known;
    }
    const stack = makeStack(operation, this.#className, options);
    variants.add(stack, options);
    this.#recent.set(stack, stack);
    return stack;
  }

  #forget(stack: Stack): void {
    const variants = this.#byOperation.get(stack.operation);
    if (variants?.remove(stack) === 0) this.#byOperation.delete(stack.operation);
    forgetParts(stack);
  }
}

/** The stacks of one operation: more than one only where instances have options of their own. */
class Variants {
  readonly #stacks = new Set<Stack>();
  // Whose options are compared once need not be again: an instance has the same object at each call.
  readonly #byOptions = new WeakMap<object, Stack>();

  find(options: RecoveryOptions): Stack | undefined {
    const known = this.#byOptions.get(options);
    if (known !== undefined && this.#stacks.has(known)) return known;
    for (const stack of this.#stacks) {
      if (!sameOptions(stack.options, options)) continue;
      this.#byOptions.set(options, stack);
      return stack;
    }
    return undefined;
  }

  add(stack: Stack, options: RecoveryOptions): void {
    this.#stacks.add(stack);
    this.#byOptions.set(options, stack);
  }

  /** Takes one away, and tells how many are left. */
  remove(stack: Stack): number {
    this.#stacks.delete(stack);
    return this.#stacks.size;
  }
}

function makeStack(operation: string, className: string, options: RecoveryOptions): Stack {
  const { site, registry, policies } = planFor(operation, className, options);
  const run = async function (this: RecoveringCall, ...args: unknown[]): Promise<unknown> {
    return this.run(args);
  };
  // Its name is what all its policies are known by.
  Object.defineProperty(run, 'name', { value: site });
  const common = { ...(registry && { registry }), ...(policies.classify && { classify: policies.classify }) };
  const answer = function (this: RecoveringCall, ...args: unknown[]): unknown {
    const handler = this.fallback(site);
    if (handler === undefined) throw callContext().error;
    return handler(args);
  };
  const stack = resilient({ ...policies, ...common, fallback: fallback(answer, common) as never });
  return { operation, options: { ...options }, recover: stack(run) as Stack['recover'] };
}

/** Where policies keep parts that would stay in the registry. */
const HOMES: Readonly<Record<string, 'breakers' | 'limiters'>> = {
  circuitBreaker: 'breakers',
  rateLimit: 'limiters',
  shed: 'limiters',
  bulkhead: 'limiters',
  adaptiveLimit: 'limiters',
};

/** What was made for this stack alone goes with it; what bears a name of the user's own may be shared. */
function forgetParts({ recover }: Stack): void {
  for (const { kind, options, registry, part } of memberOf(recover)?.applications ?? []) {
    const home = HOMES[kind];
    if (home !== undefined && (options as { name?: string }).name === undefined) registry[home].forget(part);
  }
}
