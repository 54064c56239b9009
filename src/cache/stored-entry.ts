import type { Clock } from '../base/clock.js';
import { Entry, type Windows } from './cache-entry.js';
import type { StoredValue } from './cache-store.js';

/** An entry as a remote store holds it: its monotonic times become times of day. */
export function storedOf<V>(entry: Entry<V>, clock: Clock): StoredValue<V> {
  const offset = clock.wallNow() - clock.now();
  return {
    value: entry.value,
    storedAt: entry.storedAt + offset,
    expiresAt: entry.expiresAt === Infinity ? null : entry.expiresAt + offset,
    loadMs: entry.loadMs,
  };
}

/**
 * An entry of what a remote store held. Where another machine's clock runs ahead, the value counts as stored just now:
 * it never lives longer than it was meant to.
 */
export function entryOf<V>(key: unknown, stored: StoredValue<V>, clock: Clock, windows: Windows): Entry<V> {
  const ageMs = Math.max(0, clock.wallNow() - stored.storedAt);
  const ttlMs = stored.expiresAt === null ? Infinity : stored.expiresAt - stored.storedAt;
  const lifetime = { storedAt: clock.now() - ageMs, ttlMs, loadMs: stored.loadMs };
  return new Entry(key, stored.value, Promise.resolve(stored.value), lifetime, windows);
}
