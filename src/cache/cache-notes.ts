import { tell } from '../base/tell.js';
import type { CacheParts } from './cache-context.js';
import type { Entry } from './cache-entry.js';
import type { CacheAct, CacheEvent } from './cache-events.js';

/** Counts and tells that a fresh value was handed out. */
export function noteHit<V>({ counters, sink, textOf }: CacheParts<V>, entry: Entry<V>, nowMs: number): void {
  counters.hits++;
  if (sink.onEvent === undefined) return;
  tell(sink.onEvent, { type: 'hit', key: textOf(entry.key), ...agesOf(entry, nowMs) });
}

/** Counts and tells that nothing could be handed out at once. */
export function noteMiss<V>({ counters, sink, textOf }: CacheParts<V>, key: unknown, shared: boolean): void {
  counters.misses++;
  if (shared) counters.coalesced++;
  if (sink.onEvent !== undefined) tell(sink.onEvent, { type: 'miss', key: textOf(key), shared });
}

/** Counts and tells that so many callers were handed a value past its time. */
export function noteStale<V>(
  { counters, sink, textOf }: CacheParts<V>,
  entry: Entry<V>,
  nowMs: number,
  callers: number,
  because: Extract<CacheEvent, { type: 'stale' }>['because'],
  whose: object | undefined,
): void {
  counters.staleServed += callers;
  const listener = sink.onEvent ?? sink.onDecision;
  if (listener === undefined || callers === 0) return;
  const hear = (event: CacheEvent) => listener(event, whose);
  tell(hear, { type: 'stale', key: textOf(entry.key), ...agesOf(entry, nowMs), because });
}

/** Tells that a load was started behind a value that is handed out. */
export function noteRefresh<V>({ sink, textOf }: CacheParts<V>, key: unknown, because: 'stale' | 'early'): void {
  if (sink.onEvent !== undefined) tell(sink.onEvent, { type: 'refresh', key: textOf(key), because });
}

/** Counts and tells that a load failed. */
export function noteLoadFailed<V>({ counters, sink, textOf }: CacheParts<V>, key: unknown, error: unknown): void {
  counters.loadFailures++;
  if (sink.onEvent !== undefined) tell(sink.onEvent, { type: 'loadFailed', key: textOf(key), error });
}

/** Counts and tells that an entry went for its age. */
export function noteExpired<V>({ counters, sink, textOf }: CacheParts<V>, entry: Entry<V>, nowMs: number): void {
  counters.expirations++;
  if (sink.onEvent === undefined) return;
  tell(sink.onEvent, { type: 'expired', key: textOf(entry.key), ageMs: nowMs - entry.storedAt });
}

/** Counts and tells that an entry went for space. */
export function noteEvicted<V>({ counters, sink, textOf }: CacheParts<V>, key: unknown): void {
  counters.evictions++;
  if (sink.onEvent !== undefined) tell(sink.onEvent, { type: 'evicted', key: textOf(key) });
}

/** Counts and tells that a value was not held, because it is heavier than all may be. */
export function noteTooHeavy<V>(
  { counters, settings, sink, textOf }: CacheParts<V>,
  key: unknown,
  weight: number,
): void {
  counters.tooHeavy++;
  if (sink.onEvent === undefined) return;
  tell(sink.onEvent, { type: 'tooHeavy', key: textOf(key), weight, maxWeight: settings.maxWeight ?? Infinity });
}

/** Counts and tells that entries went on request. */
export function noteInvalidated<V>(
  { counters, sink }: CacheParts<V>,
  count: number,
  what: { key?: string; pattern?: string; tag?: string },
  act: CacheAct,
): void {
  counters.invalidations += count;
  if (sink.onEvent !== undefined) tell(sink.onEvent, { type: 'invalidated', count, ...what, ...act });
}

function agesOf(entry: Entry<unknown>, nowMs: number): { ageMs: number; ttlLeftMs: number } {
  return { ageMs: nowMs - entry.storedAt, ttlLeftMs: entry.expiresAt - nowMs };
}
