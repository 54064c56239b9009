/** How long an entry serves. */
export interface Lifetime {
  /** When it was stored, in ms of the clock. */
  readonly storedAt: number;
  /** How long it is fresh. */
  readonly ttlMs: number;
  /** How long its load took, in ms; 0 when unknown. */
  readonly loadMs: number;
}

/** What stands past an entry's time, by the cache's options. */
export interface Windows {
  readonly staleWhileRevalidateMs: number;
  readonly staleIfErrorMs: number;
  readonly refreshAheadRatio?: number;
}

/** A value and its times. All moments are in ms of the clock; each is the first at which something no longer holds. */
export class Entry<V> {
  readonly key: unknown;
  readonly value: V;
  /** What a hit hands out: the value of a synchronous load, the very promise of another. */
  readonly answer: V | Promise<V>;
  readonly storedAt: number;
  readonly loadMs: number;
  readonly expiresAt: number;
  /** Until then a hit needs no thought; it is `expiresAt`, or the moment from which an early refresh is possible. */
  readonly quietUntil: number;
  /** From then on it is of no use to anybody. */
  readonly at: number;
  /** Its place in the heap of what will expire; -1 while it is not there. */
  place = -1;

  constructor(key: unknown, value: V, answer: V | Promise<V>, lifetime: Lifetime, windows: Windows) {
    this.key = key;
    this.value = value;
    this.answer = answer;
    this.storedAt = lifetime.storedAt;
    this.loadMs = lifetime.loadMs;
    this.expiresAt = lifetime.storedAt + lifetime.ttlMs;
    this.quietUntil =
      windows.refreshAheadRatio === undefined || lifetime.ttlMs === Infinity
        ? this.expiresAt
        : this.expiresAt - windows.refreshAheadRatio * lifetime.ttlMs;
    this.at = this.expiresAt + Math.max(windows.staleWhileRevalidateMs, windows.staleIfErrorMs);
  }
}
