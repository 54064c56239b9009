import { Registry } from '../registry/registry.js';
import type { CallContext } from './call-context.js';
import { type Door, doorOf } from './doors.js';
import type { FixedStage, HoldingCall } from './stage.js';

/** The handlers of a quick stack's calls that were let in with the same permits. */
export interface SharedHandlers {
  readonly plan: Plan;
  /** By the position of the stage. */
  readonly permits: readonly unknown[];
  /** What the door gives as long as calls get these. */
  readonly held: unknown;
  /** Settles the guards with a value; undefined where no guard wants to know. */
  readonly succeeded: ((value: unknown, call?: HoldingCall) => unknown) | undefined;
  /** Settles the guards with a failure; undefined where a stage may answer it, for an answer needs the arguments. */
  readonly failed: ((error: unknown) => unknown) | undefined;
  /** Whether no guard wants to know of values or failures. */
  readonly deaf: boolean;
}

/**
 * A stack, made ready to run: its stages outermost first, and what can be known of them before any call.
 */
export class Plan {
  readonly stages: readonly FixedStage[];
  readonly registry: Registry;
  /** Whether calls may come by this plan: those of a closed registry may not, nor any once another plan has its place. */
  gate: Pick<Registry, 'closed'>;
  /** Name of the function or method. */
  readonly site: string;
  /** How many stages, from the outermost on, need no `Call` for each call. At most two of them hold something. */
  readonly quickUntil: number;
  /** What may answer a call before there is a `Call`: that of the first stage which is not quick. */
  readonly atOnce: FixedStage['atOnce'];
  /** Asks the guards of a quick call, or those outside of what may answer at once; undefined where there are none. */
  readonly door: Door | undefined;
  /** For each position, and one past the last: the next one outwards that wants to hear of a value, or −1. */
  readonly outwardOnSuccess: readonly number[];
  /** The same for failures. */
  readonly outwardOnFailure: readonly number[];
  /** The same for those that may answer before what is inside of them has settled. */
  readonly outwardInterrupting: readonly number[];
  /** Whether a call needs nothing of its own unless it fails or looks at its context. */
  readonly light: boolean;
  /** Whether a call needs no `Call` unless it fails, is interrupted, or looks at its context. */
  readonly quick: boolean;
  /** Positions of the quick stages that hold something of each call, or −1. */
  readonly outerHolder: number;
  readonly innerHolder: number;
  /** Whether any quick stage may answer a call before what is inside of it has settled. */
  readonly interruptible: boolean;
  /** Whether any quick stage wants to hear of failures. */
  readonly hearsFailures: boolean;
  /** Whether any quick stage may answer a failure, for which it needs the arguments. */
  readonly answers: boolean;
  /** What a call holds before any stage has let it in: an array of the right length, to be copied. */
  readonly noPermits: readonly unknown[];
  /** How another copy of the package reads the context of a light call of this one, for which the plan stands. */
  readonly read: () => CallContext;
  /** What the last quick call used, there before the first one; replaced when a permit changes. */
  handlers: SharedHandlers | undefined;

  constructor(site: string, registry: Registry, stages: readonly FixedStage[], read: () => CallContext) {
    this.site = site;
    this.registry = registry;
    this.gate = registry;
    this.stages = stages;
    this.read = read;
    this.light = stages.every((stage) => stage.light);
    this.quickUntil = quickUntil(stages);
    this.quick = this.quickUntil === stages.length;
    this.atOnce = stages[this.quickUntil]?.atOnce;
    const front = this.quick || this.atOnce !== undefined ? stages.slice(0, this.quickUntil) : [];
    const [outerHolder = -1, innerHolder = -1] = holdersOf(front);
    this.outerHolder = outerHolder;
    this.innerHolder = innerHolder;
    const hearsValues = ({ succeeded, revise, interrupts }: FixedStage) => Boolean(succeeded ?? revise) || interrupts;
    const hearsFailures = ({ failed, answer, interrupts }: FixedStage) => Boolean(failed ?? answer) || interrupts;
    this.door = doorOf(front, () => this.handlers?.permits ?? this.noPermits);
    this.outwardOnSuccess = outward(this.stages, hearsValues);
    this.outwardOnFailure = outward(this.stages, hearsFailures);
    this.outwardInterrupting = outward(this.stages, ({ interrupts }) => interrupts);
    this.interruptible = this.outwardInterrupting[this.quickUntil] !== -1;
    this.hearsFailures = this.outwardOnFailure[this.quickUntil] !== -1;
    this.answers = front.some((stage) => stage.answer !== undefined);
    this.noPermits = nothingFor(stages.length);
    this.handlers = undefined;
  }
}

/** Where the quick stages end: before one that needs a `Call`, or before a third that holds something. */
function quickUntil(stages: readonly FixedStage[]): number {
  const third = holdersOf(stages)[2] ?? stages.length;
  const slow = stages.findIndex((stage) => !stage.quick);
  return slow === -1 ? third : Math.min(slow, third);
}

function holdersOf(stages: readonly FixedStage[]): number[] {
  return stages.flatMap((stage, position) => (stage.hold === undefined ? [] : [position]));
}

let gone: Registry | undefined;

/** A gate that is closed. It is a registry like the others: a second shape would cost every call that looks at its gate. */
export function closedGate(): { readonly closed: boolean } {
  if (gone === undefined) {
    gone = new Registry({ maxDecisions: 0 });
    gone.closed = true;
  }
  return gone;
}

// Few of them differ, and there is a plan for each wrapped function: alike ones are one.
const outwards = new Map<string, readonly number[]>();
const nothings: (readonly undefined[])[] = [];

function outward(stages: readonly FixedStage[], wanted: (stage: FixedStage) => boolean): readonly number[] {
  const next = [-1];
  stages.forEach((stage, position) => next.push(wanted(stage) ? position : (next[position] ?? -1)));
  const text = next.join();
  const known = outwards.get(text);
  if (known === undefined) outwards.set(text, next);
  return known ?? next;
}

function nothingFor(stages: number): readonly undefined[] {
  return (nothings[stages] ??= Array.from({ length: stages }, () => undefined));
}
