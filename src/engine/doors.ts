import { type EndedCall, Refused, type FixedStage } from './stage.js';

/** What several guards gave a call, where it is not what they gave the one before. */
export class Admission {
  /** By the position of the stage; those of the guards that were not asked any more are what the call before had. */
  readonly permits: readonly unknown[];
  /** The guard that did not let it in, and its error. */
  readonly refusal: { readonly position: number; readonly error: unknown } | undefined;

  constructor(permits: readonly unknown[], refusal?: { position: number; error: unknown }) {
    this.permits = permits;
    this.refusal = refusal;
  }
}

/** The guards of a quick stack, as one. */
export interface Door {
  /** Position of the one guard there is; −1 for several. */
  readonly position: number;
  /** Asks the guards: the one guard's permit, or for several an {@link Admission}; undefined if all is as it was. */
  readonly ask: (call?: EndedCall) => unknown;
}

/** @param last What the call before was given, by position. */
export function doorOf(stages: readonly FixedStage[], last: () => readonly unknown[]): Door | undefined {
  const guards = stages.flatMap(({ admit }, position) => (admit === undefined ? [] : [{ admit, position }]));
  const [only] = guards;
  if (only === undefined) return undefined;
  // One guard is what most stacks have: it is asked itself, and its permit compared where it is used.
  if (guards.length === 1) return { position: only.position, ask: only.admit };
  return { position: -1, ask: askerOf(guards, last) };
}

/** What a door's answer says, where it is not what it was. */
export function admissionOf({ position }: Door, answer: unknown, last: readonly unknown[]): Admission {
  if (answer instanceof Admission) return answer;
  if (answer instanceof Refused) return new Admission(last, { position, error: answer.error });
  return new Admission(last.with(position, answer));
}

interface Guard {
  readonly admit: NonNullable<FixedStage['admit']>;
  readonly position: number;
}

/** Asks one after the other. Two are what most stacks have of several: they are asked without a loop. */
function askerOf(
  guards: readonly Guard[],
  last: () => readonly unknown[],
): (call?: EndedCall) => Admission | undefined {
  const [first, second] = guards as [Guard, Guard];
  const { admit: admitFirst, position: firstPosition } = first;
  const { admit: admitSecond, position: secondPosition } = second;
  const several = guards.length > 2;
  return (call) => {
    const before = last();
    let position = firstPosition;
    try {
      const outer = admitFirst(call);
      // What most calls get is what the one before got; a refusal never is.
      if (outer !== before[firstPosition]) return askFrom(guards, 0, outer, before, call);
      position = secondPosition;
      const inner = admitSecond(call);
      if (several || inner !== before[secondPosition]) return askFrom(guards, 1, inner, before, call);
      return undefined;
    } catch (error) {
      return new Admission(before, { position, error });
    }
  };
}

/** Goes on with what a guard gave, and with those inside of it; undefined if all is as it was. */
function askFrom(
  guards: readonly Guard[],
  from: number,
  given: unknown,
  before: readonly unknown[],
  call: EndedCall | undefined,
): Admission | undefined {
  let permits = before;
  let permit = given;
  for (let index = from; ; index++) {
    const { position } = guards[index] as Guard;
    if (permit instanceof Refused) return new Admission(permits, { position, error: permit.error });
    if (permit !== before[position]) permits = permits.with(position, permit);
    const next = guards[index + 1];
    if (next === undefined) return permits === before ? undefined : new Admission(permits);
    try {
      permit = next.admit(call);
    } catch (error) {
      return new Admission(permits, { position: next.position, error });
    }
  }
}
