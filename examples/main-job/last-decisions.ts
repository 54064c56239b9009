import type { Decision, Registry } from './holdfast.js';

/** Something that was decided, as the view shows it. */
export interface ShownDecision {
  /** The last time, in ms since 1970. */
  readonly at: number;
  readonly text: string;
  /** How often, among the decisions that the registry keeps. */
  readonly times: number;
}

/** The last decisions of a registry, the newest last; of those of one sort the last, with how many there were. */
export function lastDecisions(registry: Registry, count: number): ShownDecision[] {
  const shown = new Map<string, ShownDecision>();
  for (const decision of registry.decisions()) {
    const { type, name, site, at } = decision;
    const sort = `${type} ${name} ${site}`;
    const times = 1 + (shown.get(sort)?.times ?? 0);
    shown.delete(sort);
    shown.set(sort, { at, text: textOf(decision), times });
  }
  return [...shown.values()].slice(-count);
}

/** A breaker's own decisions have its name in them; those on a call are told with what was called. */
function textOf({ type, site, text }: Decision): string {
  return type.startsWith('breaker:') ? text : `${site}: ${text}`;
}
