/** A value as a remote store holds it: plain data, in times of day, because processes share no other clock. */
export interface StoredValue<V = unknown> {
  readonly value: V;
  /** When it was loaded, in ms since 1970. */
  readonly storedAt: number;
  /** From when on it is no longer fresh, in ms since 1970; `null` is never. */
  readonly expiresAt: number | null;
  /** How long its load took, in ms; 0 when unknown. */
  readonly loadMs: number;
}

/**
 * A second store behind a cache's memory, such as Redis: shared by processes, and there after a restart.
 *
 * It is asked only after memory has missed, and written behind the answer. A store that fails, or does not answer within
 * `timeoutMs`, costs nobody an error: a read counts as a miss and the load runs, a write is lost, and both are counted
 * (`storeFailures`) and told (`storeFailed`). After a removal that failed, what the store held until then is no longer
 * believed by this process. A circuit breaker round the store's methods spares the wait for one that is down.
 */
export interface CacheStore<V = unknown> {
  /** How long an answer is waited for, in ms. @default 1_000 */
  readonly timeoutMs?: number;
  /** What is held under the key; undefined when nothing is. */
  get(key: string): Promise<StoredValue<V> | undefined>;
  /** Holds a value for `keepMs` at least (`Infinity` for ever); it may go earlier. */
  set(key: string, stored: StoredValue<V>, keepMs: number): Promise<unknown>;
  /** Takes one key away; a missing one is no error. */
  delete(key: string): Promise<unknown>;
  /** Takes everything away that this cache has stored. */
  clear(): Promise<unknown>;
  /** Every key held. Without it `invalidate` clears the store: too much is safe, too little is not. */
  keys?(): AsyncIterable<string>;
}
