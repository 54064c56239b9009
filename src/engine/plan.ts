import { Registry } from '../registry/registry.js';
import type { CallContext } from './call-context.js';
import { type Door, doorOf } from './doors.js';
import type { FixedStage } from './stage.js';

/** The handlers of a light stack's calls that were let in with the same permits. */
export interface SharedHandlers {
  readonly plan: Plan;
  /** By the position of the stage. */
  readonly permits: readonly unknown[];
  /** What the door gives as long as calls get these. */
  readonly held: unknown;
  /** Settles the guards with a value; undefined where no guard wants to know. */
  readonly succeeded: ((value: unknown) => unknown) | undefined;
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
  /** How many stages, from the outermost on, need no object for each call. */
  readonly lightUntil: number;
  /** What may answer a call before it is one: that of the first stage which is not light. */
  readonly atOnce: FixedStage['atOnce'];
  /** Asks the guards of a light call, or those outside of what may answer at once; undefined where there are none. */
  readonly door: Door | undefined;
  /** For each position, and one past the last: the next one outwards that wants to hear of a value, or −1. */
  readonly outwardOnSuccess: readonly number[];
  /** The same for failures. */
  readonly outwardOnFailure: readonly number[];
  /** The same for those that may answer before what is inside of them has settled. */
  readonly outwardInterrupting: readonly number[];
  /** Whether a call needs no object of its own unless it fails or looks at its context. */
  readonly light: boolean;
  /** Whether any light stage wants to hear of failures. */
  readonly hearsFailures: boolean;
  /** Whether any light stage may answer a failure, for which it needs the arguments. */
  readonly answers: boolean;
  /** What a call holds before any stage has let it in: an array of the right length, to be copied. */
  readonly noPermits: readonly unknown[];
  /** How another copy of the package reads the context of a light call of this one. */
  readonly read: () => CallContext;
  /** Stands for a light call of this plan that has objects among its arguments. */
  readonly withArguments: PlanWithArguments;
  /** What the last light call used, there before the first of a light plan; replaced when a permit changes. */
  handlers: SharedHandlers | undefined;

  constructor(site: string, registry: Registry, stages: readonly FixedStage[], read: () => CallContext) {
    this.site = site;
    this.registry = registry;
    this.gate = registry;
    this.stages = stages;
    this.read = read;
    const heavy = stages.findIndex((stage) => !stage.light);
    this.light = heavy === -1;
    this.lightUntil = this.light ? stages.length : heavy;
    this.atOnce = stages[this.lightUntil]?.atOnce;
    const front = this.light || this.atOnce !== undefined ? stages.slice(0, this.lightUntil) : [];
    const hearsValues = ({ succeeded, revise, interrupts }: FixedStage) => Boolean(succeeded ?? revise) || interrupts;
    const hearsFailures = ({ failed, answer, interrupts }: FixedStage) => Boolean(failed ?? answer) || interrupts;
    this.door = doorOf(front, () => this.handlers?.permits ?? this.noPermits);
    this.outwardOnSuccess = outward(this.stages, hearsValues);
    this.outwardOnFailure = outward(this.stages, hearsFailures);
    this.outwardInterrupting = outward(this.stages, ({ interrupts }) => interrupts);
    this.hearsFailures = this.outwardOnFailure[this.lightUntil] !== -1;
    this.answers = front.some((stage) => stage.answer !== undefined);
    this.noPermits = nothingFor(stages.length);
    this.handlers = undefined;
    this.withArguments = new PlanWithArguments(this);
  }
}

/** A plan whose call has objects among its arguments: the caller's signal may be one of them. */
export class PlanWithArguments {
  readonly plan: Plan;
  readonly read: Plan['read'];

  constructor(plan: Plan) {
    this.plan = plan;
    this.read = plan.read;
  }
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
