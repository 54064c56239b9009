import type { ErrorFacts } from '../base/error-facts.js';
import type { CircuitGrounds, LimitGrounds } from '../base/rejection-grounds.js';
import { lasting, plural } from '../base/wording.js';
import type { NoRetryReason } from '../retry/retry-decision.js';
import type { Decision, DecisionType } from './decisions.js';
import type { EventType } from './events.js';

/** A decision before it is put into words. */
export type Untold<Type extends DecisionType = DecisionType> = Omit<Decision<Type>, 'text'>;

const WORDS: { readonly [Type in DecisionType]: (decision: Untold<Type>) => string } = {
  'breaker:state': (state) => `circuit ${state.site}: ${state.from} → ${state.to}${because(state)}`,
  'breaker:act': ({ site, act, owner, reason, ttlMs }) =>
    `circuit ${site}: ${act}${owner === undefined ? '' : ` by ${owner}`}${forHowLong(ttlMs)}${inBrackets(reason)}`,
  'breaker:shadowed': ({ site, reason }) => `let through in shadow: circuit ${site} ${reason}`,
  'call:rejected': (rejected) => `rejected: ${rejectionOf(rejected)}`,
  'call:retry': ({ attempt, delayMs, retryAfterMs, error }) =>
    `retried: attempt ${attempt} failed${of(error)}; attempt ${attempt + 1} ` +
    `${delayMs === 0 ? 'at once' : `after ${lasting(delayMs)}`}${retryAfterMs === delayMs ? ', as it was asked for' : ''}`,
  'call:recovered': ({ attempts }) => `recovered: attempt ${attempts} came through`,
  'call:exhausted': ({ attempts, runs, reason, retryAfterMs, error }) =>
    `gave up after ${plural(attempts, 'attempt')}${runs < attempts ? `, of which ${runs} ran` : ''}: ${REASONS[reason as NoRetryReason] ?? reason}` +
    `${retryAfterMs === undefined ? '' : ` (${lasting(retryAfterMs)})`}${last(error)}`,
  'call:hedge': ({ attempt, afterMs, because: why, error }) =>
    why === 'slow'
      ? `hedged: no answer after ${lasting(afterMs)}; attempt ${attempt} begun beside it`
      : `hedged: attempt ${attempt - 1} failed${of(error)}; attempt ${attempt} at once`,
  'call:hedgeWon': ({ attempt }) => `answered by the hedge: attempt ${attempt} came first`,
  'call:timeout': ({ timeoutMs }) => `timed out: not settled within ${lasting(timeoutMs)}`,
  'call:deadline': ({ timeoutMs }) => `timed out: the whole call exceeded its ${lasting(timeoutMs)}`,
  'call:fallback': ({ error }) => `answered by the fallback: the call failed${of(error)}`,
  'call:slow': ({ durationMs, slowMs }) => `slow: took ${lasting(durationMs)}, and ${lasting(slowMs)} is slow`,
  'cache:stale': ({ key, ageMs, ttlLeftMs, because: why }) =>
    `served stale: ${key} is ${lasting(ageMs)} old, ${lasting(-ttlLeftMs)} past its time; ${STALE[why]}`,
  'cache:storeFailed': ({ operation, error }) => `went on without the store: its ${operation} failed${of(error)}`,
  'deadLetter:added': ({ name, id, error, severity, attempts }) =>
    `kept in dead letters ${name} as ${id}: ${attempts === 0 ? 'rejected before it ran' : `failed after ${plural(attempts, 'run')}`}${of(error)}, ${severity}`,
  'deadLetter:dropped': ({ name, id }) => `dropped from dead letters ${name}, for space: ${id}`,
  'deadLetter:argsError': ({ id, reason }) => `kept as ${id} without its arguments: ${reason}`,
  'deadLetter:redriven': ({ id }) => `redriven: the kept call ${id} came through`,
  'deadLetter:redriveFailed': ({ id, redrives, error }) =>
    `redriven in vain: ${id} failed${of(error)}, redrive ${redrives}`,
  'deadLetter:storeFailed': ({ operation, unsaved, error }) =>
    `kept in memory only: the store's ${operation} failed${of(error)}, ${unsaved} unsaved`,
  'retry:budgetEmpty': ({ attempt }) => `not retried: the retry budget is empty after attempt ${attempt}`,
  'hedge:budgetEmpty': ({ attempt }) => `not hedged: the budget is empty for attempt ${attempt}`,
  'limiter:storeFailed': ({ error }) => `let through: the store of the limit failed${of(error)}`,
  'batch:sent': ({ items, calls, because: why }) =>
    `sent in a batch: ${plural(items, 'item')} of ${plural(calls, 'call')}; ${BATCHES[why]}`,
  'chaos:injected': ({ fault, latencyMs = 0 }) => `fault on purpose: ${FAULTS[fault]}${byMs(fault, latencyMs)}`,
  'error:critical': ({ error }) => `critical: ${wordOf(error)} calls for a person`,
};

/** Every type of decision. */
export const DECISION_TYPES: ReadonlySet<EventType> = new Set(Object.keys(WORDS) as DecisionType[]);

const REASONS: Readonly<Record<NoRetryReason, string>> = {
  'attempts-exhausted': 'no attempts are left',
  'not-retryable': 'such an error is not retried',
  rejection: 'a rejection is not retried',
  deadline: 'the deadline leaves no time for another',
  'max-elapsed': 'maxElapsedMs leaves no time for another',
  'retry-after-too-long': 'the wait that was asked for is too long',
  'budget-empty': 'the retry budget is empty',
  cancelled: 'nobody waits for it any more',
};

const STALE = {
  revalidating: 'it is being refreshed',
  'load-failed': 'its load failed',
} as const;

const BATCHES = { full: 'it was full', waited: 'its time was up', flushed: 'it was flushed' } as const;

const FAULTS = { error: 'made to fail', result: 'answered with the given result', latency: 'delayed' } as const;

/** What was decided, and on which numbers, in a line. */
export function textOf<Type extends DecisionType>(decision: Untold<Type>): string {
  return (WORDS[decision.type as Type] as (decision: Untold<Type>) => string)(decision);
}

type Fault = ErrorFacts | undefined;

/** An error in a word or two: its code, or its message. */
function wordOf(error: Fault): string {
  return String(error?.code ?? (error?.message || error?.name) ?? 'nothing');
}

function of(error: Fault): string {
  return error === undefined ? '' : ` with ${wordOf(error)}`;
}

function last(error: Fault | null): string {
  return error === undefined || error === null ? '' : `, last ${wordOf(error)}`;
}

function because({ to, reason, lastError, retryAfterMs }: Untold<'breaker:state'>): string {
  const why = `${to === 'open' && lastError !== undefined ? `, last ${lastError}` : ''}${probeIn(retryAfterMs)}`;
  return ` after ${reason}${why}`;
}

function rejectionOf(rejected: Untold<'call:rejected'>): string {
  const { kind, name, code, reason, retryAfterMs, grounds } = rejected;
  if (kind === 'adaptiveLimit' && code === 'ERR_BULKHEAD_FULL') return limitOf(name, grounds as LimitGrounds);
  if (kind === 'shed' && code === 'ERR_SHED') return shedOf(name, grounds as LimitGrounds);
  if (grounds === undefined || retryAfterMs === undefined || !('openReason' in grounds)) return reason;
  const { openReason, waitMs, lastError } = grounds as CircuitGrounds;
  const since = lasting(Math.max(0, waitMs - retryAfterMs));
  return `circuit ${name} open since ${since} after ${openReason}${last(lastError)}${probeIn(retryAfterMs)}`;
}

function limitOf(name: string, { limit, min, max, latencyMs, usualLatencyMs }: LimitGrounds): string {
  const taken = `${name} lets ${plural(limit as number, 'call')} run at once now (between ${min} and ${max}), and as many do`;
  if (latencyMs === undefined || usualLatencyMs === undefined) return taken;
  return `${taken}; calls take ${lasting(latencyMs)}, usually ${lasting(usualLatencyMs)}`;
}

function shedOf(name: string, { requests, accepts, k, windowMs, probability }: LimitGrounds): string {
  const share = Number(((probability as number) * 100).toFixed(1));
  return `${name} sheds ${share} % of its calls: ${accepts} of ${requests} were accepted in ${lasting(windowMs as number)}, and k is ${k}`;
}

function probeIn(retryAfterMs: number | undefined): string {
  return retryAfterMs === undefined ? '' : `; next probe in ${lasting(retryAfterMs)}`;
}

function forHowLong(ttlMs: number | undefined): string {
  return ttlMs === undefined || ttlMs === Infinity ? '' : ` for ${lasting(ttlMs)}`;
}

function byMs(fault: keyof typeof FAULTS, latencyMs: number): string {
  return fault === 'latency' ? ` by ${lasting(latencyMs)}` : '';
}

function inBrackets(reason: string | undefined): string {
  return reason === undefined ? '' : ` (${reason})`;
}
