import type { ErrorCode } from '../base/errors.js';
import type { Severity } from '../base/severity.js';

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
  reason?: string;
  /** Who. */
  owner?: string;
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
  /** A breaker changed its state, by its own rules or by an act. */
  'breaker:state': { from: string; to: string; reason: string; nextAttemptAt?: number; owner?: string };
  /** Somebody acted on a breaker. */
  'breaker:act': ActDetails & { act: 'reset' | 'isolate' | 'disable' | 'shadow' | 'release'; ttlMs?: number };
  /** A breaker in shadow let a call pass that it would have rejected. */
  'breaker:shadowed': { reason: string };
  /** A call was not run. */
  'call:rejected': { code: ErrorCode; reason: string; retryAfterMs?: number; error: unknown };
  /** An attempt failed, and another follows after `delayMs`. `attempt` is the one that failed, from 1. */
  'call:retry': { attempt: number; delayMs: number; error: unknown };
  /** A retry succeeded. */
  'call:recovered': { attempts: number };
  /** Retries ended without success. */
  'call:exhausted': { attempts: number; reason: string; error: unknown };
  /** A call did not settle in time. */
  'call:timeout': { timeoutMs: number };
  /** A call exceeded its deadline. */
  'call:deadline': { timeoutMs: number };
  /** A fallback answered. */
  'call:fallback': { error: unknown };
  /** A call took `slowMs` or longer. */
  'call:slow': { durationMs: number; slowMs: number };
  /** A call shared the run of an equal one. */
  'call:coalesced': { key: string };
  /** An answer came from the cache. */
  'cache:hit': { key: string };
  /** The cache had no answer. */
  'cache:miss': { key: string };
  /** An answer past its time was given, because it was allowed to be. */
  'cache:stale': { key: string; reason: 'while-revalidate' | 'if-error'; ageMs: number; error?: unknown };
  /** An entry is being loaded anew although it could still be given. */
  'cache:refresh': { key: string };
  /** An entry went, for space. */
  'cache:evicted': { key: string };
  /** An entry went, for age. */
  'cache:expired': { key: string };
  /** Entries went, on request. */
  'cache:invalidated': { pattern: string; removed: number };
  /** All entries went, on request. */
  'cache:cleared': ActDetails & { removed: number };
  /** A load failed. */
  'cache:loadFailed': { key: string; error: unknown };
  /** A store outside the process failed; the call went on without it. */
  'cache:storeFailed': { error: unknown; key?: string };
  /** A failed call was kept. */
  'deadLetter:added': { id: string; error: unknown; severity: Severity; attempts: number };
  /** The oldest failed call went, for space. */
  'deadLetter:dropped': { id: string };
  /** A kept call came through. */
  'deadLetter:redriven': ActDetails & { id: string };
  /** A kept call failed again. */
  'deadLetter:redriveFailed': ActDetails & { id: string; error: unknown };
  /** Kept calls were thrown away, on request. */
  'deadLetter:cleared': ActDetails & { removed: number };
  /** A failed call could not be kept. */
  'deadLetter:storeFailed': { error: unknown };
  /** A retry was not made, for want of budget. */
  'retry:budgetEmpty': { attempt: number };
  /** A limit's store outside the process failed; the call was let through. */
  'limiter:storeFailed': { error: unknown };
  /** An error that calls for a person. */
  'error:critical': { error: unknown };
  /** A listener threw; nobody else was harmed. */
  'listener:failed': { error: unknown; event: string };
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
