import type { ErrorCode, RejectedError } from '../base/errors.js';
import type { Severity } from '../base/severity.js';
import type { BufferKeeps, FlushCause, FlushReport } from '../buffer/buffer-event.js';
import type { DeadLetterFault } from '../dead-letter/dead-letter-entry.js';
import type { RedriveReport } from '../dead-letter/redrive.js';
import type { HealthProbe, HealthStatus } from '../health/health-status.js';
import type { FoldedEvent } from '../metrics/folds.js';
import type { DestroyCause } from '../pool/pool-event.js';

/** What every event tells. */
export interface EventBase {
  /** The kind of the policy or part it comes from, such as `'circuitBreaker'`. */
  kind: string;
  /** The name of that part in the registry. */
  name: string;
  /** The function or method that was called; the name again where there was no call. */
  site: string;
  /** When, in ms since 1970. */
  at: number;
  /** The call it happened to, where one did. */
  callId?: string;
}

/** Who acted on a part of the registry, and why. */
export interface ActDetails {
  /** Why. */
  reason?: string | undefined;
  /** Who. */
  owner?: string | undefined;
}

/**
 * The closed list of events: name → what it adds to {@link EventBase}. A policy of your own adds its events by
 * declaration merging.
 * @example
 * declare module 'holdfast' {
 *   interface EventDetails { 'greeter:greeted': { whom: string } }
 * }
 */
export interface EventDetails {
  /** A breaker changed its state, by its own rules or by an act, on these numbers. */
  'breaker:state': {
    from: string;
    to: string;
    reason: string;
    consecutiveFailures: number;
    failureRate: number;
    lastError?: string;
    /** In how many ms the next call may be let through. */
    retryAfterMs?: number;
    owner?: string;
  };
  /** Somebody acted on a breaker. */
  'breaker:act': ActDetails & { act: 'reset' | 'isolate' | 'disable' | 'shadow' | 'release'; ttlMs?: number };
  /** A breaker in shadow let a call pass that it would have rejected. */
  'breaker:shadowed': { reason: string };
  /** A call was not run. */
  'call:rejected': {
    code: ErrorCode;
    reason: string;
    retryAfterMs?: number | undefined;
    error: RejectedError;
  };
  /** An attempt failed, and another follows after `delayMs`, as who failed has asked for where there is a `retryAfterMs`. `attempt` is the one that failed, from 1. */
  'call:retry': { attempt: number; delayMs: number; retryAfterMs?: number; error: unknown };
  /** A retry succeeded. */
  'call:recovered': { attempts: number };
  /** Retries ended without success; `runs` leaves out the attempts that were rejected. */
  'call:exhausted': { attempts: number; runs: number; reason: string; retryAfterMs?: number; error: unknown };
  /** Attempt `attempt` of a call was begun beside the others, for they are slow, or in their place, for all have failed. */
  'call:hedge': { attempt: number; afterMs: number; because: 'slow' | 'failed'; error?: unknown };
  /** An attempt that was begun later has answered first. */
  'call:hedgeWon': { attempt: number };
  /** A call did not settle in time. */
  'call:timeout': { timeoutMs: number };
  /** A call exceeded its deadline. */
  'call:deadline': { timeoutMs: number };
  /** A fallback answered. */
  'call:fallback': { error: unknown; severity: Severity | undefined };
  /** A call took `slowMs` or longer. */
  'call:slow': { durationMs: number; slowMs: number };
  /** A call shared the run of an equal one. */
  'call:coalesced': { key: string };
  /** An answer came from the cache. */
  'cache:hit': { key: string; ageMs: number; ttlLeftMs: number };
  /** The cache had no answer; `shared`: it joined a load under way. */
  'cache:miss': { key: string; shared: boolean };
  /** An answer past its time was given, because it was allowed to be. */
  'cache:stale': { key: string; ageMs: number; ttlLeftMs: number; because: 'revalidating' | 'load-failed' };
  /** An entry is being loaded anew behind an answer that was given. */
  'cache:refresh': { key: string; because: 'stale' | 'early' };
  /** An entry went, for space. */
  'cache:evicted': { key: string };
  /** An entry went, for age. */
  'cache:expired': { key: string; ageMs: number };
  /** A value was not held: it is heavier than all entries may be together. */
  'cache:tooHeavy': { key: string; weight: number; maxWeight: number };
  /** Entries went, on request: one key's, those of a pattern or a tag, or all. */
  'cache:invalidated': ActDetails & { key?: string; pattern?: string; tag?: string; count: number };
  /** A load failed. */
  'cache:loadFailed': { key: string; error: unknown };
  /** A store outside the process failed; the call went on without it. */
  'cache:storeFailed': { operation: string; error: unknown; key?: string };
  /** A failed call was kept. */
  'deadLetter:added': { id: string; error: DeadLetterFault; severity: Severity; attempts: number };
  /** A failed call went, for space. */
  'deadLetter:dropped': { id: string };
  /** A failed call went, for age. */
  'deadLetter:expired': { id: string };
  /** A kept call has failed again so often that a redrive passes it by. */
  'deadLetter:parked': { id: string; redrives: number };
  /** A failed call was kept whose arguments could not be. */
  'deadLetter:argsError': { id: string; reason: string };
  /** A kept call came through. */
  'deadLetter:redriven': ActDetails & { id: string };
  /** A kept call failed again. */
  'deadLetter:redriveFailed': ActDetails & { id: string; redrives: number; error: DeadLetterFault };
  /** A redrive has ended. */
  'deadLetter:redriveEnded': ActDetails & { report: Omit<RedriveReport, 'results'> };
  /** Kept calls were thrown away, on request. */
  'deadLetter:cleared': ActDetails & { removed: number };
  /** The store of a dead-letter queue failed; what is unsaved is still in memory. */
  'deadLetter:storeFailed': { operation: string; unsaved: number; error: unknown };
  /** A retry was not made, for want of budget. */
  'retry:budgetEmpty': { attempt: number };
  /** A hedge was not begun, for want of budget. `attempt` is the one it would have been. */
  'hedge:budgetEmpty': { attempt: number };
  /** An adaptive limit has moved: calls that may run at once, and how long they take now and in the long run. */
  'limiter:limit': { from: number; to: number; latencyMs?: number; usualLatencyMs?: number };
  /** A limit's store outside the process failed; the call was let through. */
  'limiter:storeFailed': { error: unknown };
  /** Items of some calls went out in one bulk call: the batch was full, its time was up, or it was flushed. */
  'batch:sent': { items: number; calls: number; because: 'full' | 'waited' | 'flushed' };
  /** A resource could not be made; whoever was first in line has the error. */
  'pool:createFailed': { error: unknown };
  /** A resource was destroyed: it lay idle for too long, failed its check, broke, came too late, or the pool is closed. */
  'pool:destroyed': { because: DestroyCause; error?: unknown };
  /** A resource could not be destroyed, or not in time; its place is free all the same. */
  'pool:destroyFailed': { error: unknown };
  /** A page could not be had, and was left out of its stream. */
  'stream:pageSkipped': { page: number; offset: number; limit: number; attempts: number; error: unknown };
  /** A buffer began to keep what cannot be sent: on request, or because too many sends have failed. */
  'buffer:enabled': ActDetails & { because: 'asked' | 'failures'; keeps: BufferKeeps; failureRatio: number };
  /** A buffer ended to keep what cannot be sent. */
  'buffer:disabled': ActDetails;
  /** An item was kept; `size` items wait. */
  'buffer:added': { size: number; error?: unknown };
  /** The oldest items went, for space. */
  'buffer:dropped': { count: number; size: number };
  /** Items of an earlier process were found in the store. */
  'buffer:restored': { count: number; size: number };
  /** What waited was sent, or tried to be; `stoppedBy` is the rejection that ended it. */
  'buffer:flushed': FlushReport & { because: FlushCause; size: number; stoppedBy?: unknown };
  /** What waited was thrown away, on request. */
  'buffer:cleared': ActDetails & { removed: number };
  /** The store of a buffer failed; what is unsaved is still in memory. */
  'buffer:storeFailed': { operation: string; unsaved: number; error: unknown };
  /** A collector has no room for a further name, or set of tags: told once of each name. What comes too late is counted together as `other`; a gauge is left out. */
  'metrics:folded': Omit<FoldedEvent, 'type'>;
  /** More than half of a metrics manager's queue is taken: once, until half of it is free again. */
  'metrics:halfFull': { queueSize: number; maxQueueSize: number };
  /** All of a metrics manager's queue is taken: once, until half of it is free again. */
  'metrics:full': { queueSize: number; maxQueueSize: number };
  /** A metrics manager has written a file. */
  'metrics:flushed': { records: number; file: string; queueSize: number };
  /** A metrics manager could not write a file, or remove old ones; nothing was lost, and it is tried again. */
  'metrics:writeFailed': { operation: 'write' | 'retention'; error: unknown; retryInMs: number; queueSize: number };
  /** A metrics manager has written a file after so many failures. */
  'metrics:recovered': { failures: number; queueSize: number };
  /** Files of metrics were removed, for their age or on request, and records that waited. */
  'metrics:erased': ActDetails & { files: number; records: number; because: 'retention' | 'asked' };
  /** What a probe would be told has changed; `from` is `'unknown'` the first time. Noticed when somebody asks, drains, or closes. */
  'health:changed': {
    probe: HealthProbe;
    from: HealthStatus | 'unknown';
    to: HealthStatus;
    reasons: readonly string[];
  };
  /** A fault was made on purpose: an error, an answer in the place of the function's, or a wait before it. */
  'chaos:injected': { fault: 'error' | 'result' | 'latency'; latencyMs?: number };
  /** An error that calls for a person. */
  'error:critical': { error: unknown };
  /** A listener threw; nobody else was harmed. */
  'listener:failed': { error: unknown; event: string };
  /** A configuration was applied: which settings are other ones than before, and what could not be taken. */
  'config:applied': {
    changed: readonly { path: string; from: unknown; to: unknown }[];
    refused: readonly { path: string; reason: string }[];
  };
  /** A configuration was not applied, for what is wrong with it; the one before holds. */
  'config:failed': { error: unknown };
  /** A part that was made later could not take what the configuration says of it, and goes by its code. */
  'config:refused': { options: readonly string[]; reason: string };
  /** A name was freed. */
  'registry:forgotten': { collection: string };
  /** The registry was closed. */
  'registry:closed': Record<never, never>;
}

/** The name of an event. */
export type EventType = keyof EventDetails;

/** The event of a type. */
export type RegistryEvent<Type extends EventType = EventType> = {
  [Name in Type]: EventBase & { type: Name } & EventDetails[Name];
}[Type];

/** Called with each event of its type. */
export type EventListener<Type extends EventType = EventType> = (event: RegistryEvent<Type>) => void;
