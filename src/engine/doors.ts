import { Refused, type FixedStage } from './stage.js';

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

/** The guards of a light stack, as one. */
export interface Door {
  /** Position of the one guard there is; −1 for several. */
  readonly position: number;
  /** Asks the guards: the one guard's permit, or for several an {@link Admission}; undefined if all is as it was. */
  readonly ask: () => unknown;
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

/** Asks one after the other. What each is and where stands in the closure: fewer steps, for it is asked for every call. */
function askerOf(guards: readonly Guard[], last: () => readonly unknown[]): () => Admission | undefined {
  const admits = guards.map(({ admit }) => admit);
  const positions = guards.map(({ position }) => position);
  return () => {
    const before = last();
    let permits = before;
    let index = 0;
    try {
      for (; index < admits.length; index++) {
        const permit = (admits[index] as Guard['admit'])();
        const position = positions[index] as number;
        // What most calls get is what the one before got; a refusal never is.
        if (permit === before[position]) continue;
        if (permit instanceof Refused) return new Admission(permits, { position, error: permit.error });
        permits = permits.with(position, permit);
      }
    } catch (error) {
      return new Admission(permits, { position: positions[index] as number, error });
    }
    return permits === before ? undefined : new Admission(permits);
  };
}
