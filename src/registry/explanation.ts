import { type RejectedError, ResilienceError } from '../base/errors.js';
import { grouped, lasting } from '../base/wording.js';
import { factsOf } from '../base/error-facts.js';
import { textOf, type Untold } from './decision-text.js';
import type { Decision, DecisionFilter, Decisions, KeptDecision } from './decisions.js';

/** What was decided on one call. */
export interface Explanation {
  /** The call; undefined where its rejection is all that is known of it. */
  callId?: string;
  /** The function or method that was called. */
  site?: string;
  /** In order; none where nothing happened to the call, or it is no longer among the last decisions. */
  decisions: Decision[];
  /** The same in words, a line for each. */
  text: string;
}

/** Those of the last decisions that are wanted, oldest first. */
export function decisionsOf(kept: Decisions, aheadMs: number, { name, kind, since }: DecisionFilter): Decision[] {
  const wanted = [...kept].filter(({ source, at }) => {
    if (name !== undefined && source.name !== name && source.site !== name) return false;
    if (kind !== undefined && source.kind !== kind) return false;
    return since === undefined || at + aheadMs >= since;
  });
  return wanted.map((decision) => told(decision, aheadMs));
}

/** The decisions on the call of that id, or on the one that ended with that error. */
export function explanationOf(kept: Decisions, aheadMs: number, errorOrCallId: unknown): Explanation {
  const id = typeof errorOrCallId === 'string' ? errorOrCallId : kept.callOf(errorOrCallId);
  const isOfCall = ({ source, details }: KeptDecision): boolean => {
    if (source.callId !== undefined) return source.callId === id;
    // What was rejected before the call had an object of its own is known by its error.
    return details['error'] instanceof ResilienceError && isSame(details['error']);
  };
  const isSame = (error: unknown) => error === errorOrCallId || (id !== undefined && kept.callOf(error) === id);
  const decisions = [...kept].filter(isOfCall).map((decision) => told(decision, aheadMs));
  const site = decisions[0]?.site;
  const whose = { ...(id !== undefined && { callId: id }), ...(site !== undefined && { site }) };
  return { ...whose, decisions, text: textOfAll(kept.max, decisions, id) };
}

function textOfAll(max: number, decisions: readonly Decision[], id: string | undefined): string {
  const [first] = decisions;
  if (first === undefined) return `nothing was decided on this call, or not among the last ${grouped(max)} decisions`;
  const title = id === undefined ? first.site : `${first.site}, ${id}`;
  if (decisions.length === 1) return `${title}: ${first.text}`;
  return [`${title}:`, ...decisions.map(({ at, text }) => `  +${lasting(Math.max(0, at - first.at))}  ${text}`)].join(
    '\n',
  );
}

/** A decision as it is read: moments as times of day, an error as what it was. */
function told({ type, source, at, details }: KeptDecision, aheadMs: number): Decision {
  const { error } = details;
  const own = error instanceof ResilienceError ? { error: factsOf(error), ...groundsOf(error) } : {};
  const untold = { type, ...source, at: Math.round(at + aheadMs), ...details, ...own } as unknown as Untold;
  return { ...untold, text: textOf(untold) } as Decision;
}

function groundsOf(error: ResilienceError): Pick<Decision, 'grounds'> {
  const { grounds } = error as Partial<RejectedError>;
  return grounds === undefined ? {} : { grounds };
}
