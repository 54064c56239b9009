import type { Registry } from '../registry/registry.js';
import { FixedStage, type Stage } from './stage.js';

/** The handlers of a light stack's calls that were let in with the same permits. */
export interface SharedHandlers {
  readonly permits: readonly unknown[];
  /** Settles the guards with a value; undefined where no guard wants to know. */
  readonly succeeded: ((value: unknown) => unknown) | undefined;
}

/**
 * A stack, made ready to run: its stages outermost first, and what can be known of them before any call.
 */
export class Plan {
  readonly stages: readonly FixedStage[];
  readonly registry: Registry;
  /** Name of the function or method. */
  readonly site: string;
  /** Positions of the stages that a light call must ask. */
  readonly admitting: readonly number[];
  /** For each position, and one past the last: the next one outwards that wants to hear of a value, or −1. */
  readonly outwardOnSuccess: readonly number[];
  /** The same for failures. */
  readonly outwardOnFailure: readonly number[];
  /** Whether a call needs no object of its own unless it fails or looks at its context. */
  readonly light: boolean;
  /** Whether any stage wants to hear of failures. */
  readonly hearsFailures: boolean;
  /** Position of the innermost stage that may answer before what is inside has settled, or −1. */
  readonly lastInterrupting: number;
  /** Whether calls must be answered with promises. */
  readonly waits: boolean;
  /** What a call holds before any stage has let it in: an array of the right length, to be copied. */
  readonly noPermits: readonly unknown[];
  /** What the last light call used; replaced when a permit changes. */
  handlers: SharedHandlers;

  constructor(site: string, registry: Registry, stages: readonly Stage<unknown>[], waits: boolean) {
    this.site = site;
    this.registry = registry;
    this.stages = stages.map((stage) => new FixedStage(stage));
    this.waits = waits;
    this.light = this.stages.every((stage) => stage.light);
    this.lastInterrupting = this.stages.findLastIndex((stage) => stage.interrupts);
    this.admitting = positions(this.stages, (stage) => stage.admit !== undefined);
    const hearsValues = ({ succeeded, revise, interrupts }: FixedStage) => Boolean(succeeded ?? revise) || interrupts;
    const hearsFailures = ({ failed, answer, interrupts }: FixedStage) => Boolean(failed ?? answer) || interrupts;
    this.outwardOnSuccess = outward(this.stages, hearsValues);
    this.outwardOnFailure = outward(this.stages, hearsFailures);
    this.hearsFailures = this.outwardOnFailure.at(-1) !== -1;
    this.noPermits = this.stages.map(() => undefined);
    this.handlers = this.handlersFor(this.noPermits);
  }

  /** Handlers for calls that hold these permits. */
  handlersFor(permits: readonly unknown[]): SharedHandlers {
    const { stages } = this;
    const hearing = positions(stages, (stage) => stage.succeeded !== undefined).reverse();
    if (hearing.length === 0) return { permits, succeeded: undefined };
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
    const succeeded = hearing.length === 1 ? settleOne : settleAll;
    return { permits, succeeded };
  }
}

function positions(stages: readonly FixedStage[], wanted: (stage: FixedStage) => boolean): number[] {
  return stages.flatMap((stage, position) => (wanted(stage) ? [position] : []));
}

function outward(stages: readonly FixedStage[], wanted: (stage: FixedStage) => boolean): number[] {
  const next = [-1];
  stages.forEach((stage, position) => next.push(wanted(stage) ? position : (next[position] ?? -1)));
  return next;
}
