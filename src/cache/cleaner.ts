import { type Clock, type TimerHandle, unref } from '../base/clock.js';
import { Housekeeping } from '../base/housekeeping.js';

/** What is cleaned from time to time. */
export interface Cleanable {
  /** Drops at most `atMost` of what is too old, and says how many that was. */
  sweep(nowMs: number, atMost: number): number;
  /** Whether anything is held that will grow too old. */
  readonly hasAgeing: boolean;
}

/** Entries dropped in one go, so that a clean-up of a large cache holds nobody up: a fraction of a millisecond. */
const SLICE = 1_000;
const PAUSE_MS = 1;

/**
 * Cleans caches in the background. It has a timer only while one of them holds something that will grow too old, keeps
 * neither the process nor a cache alive, and works in slices.
 */
export class Cleaner {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #watched = new Set<WeakRef<Cleanable>>();
  readonly #refs = new WeakMap<Cleanable, WeakRef<Cleanable>>();
  #timer: Housekeeping | undefined = undefined;
  #pause: TimerHandle | undefined = undefined;
  #closed = false;

  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  /** Cleans this one from now on, for as long as it holds something. */
  watch(cleanable: Cleanable): void {
    if (this.#closed || this.#intervalMs === Infinity) return;
    let ref = this.#refs.get(cleanable);
    if (ref === undefined) this.#refs.set(cleanable, (ref = new WeakRef(cleanable)));
    this.#watched.add(ref);
    this.#timer ??= new Housekeeping(this.#clock, this.#intervalMs, () => this.#clean());
  }

  /** Nothing needs cleaning any more in this one. */
  unwatch(cleanable: Cleanable): void {
    const ref = this.#refs.get(cleanable);
    if (ref !== undefined) this.#watched.delete(ref);
    if (this.#watched.size === 0) this.#rest();
  }

  /** Ends it for good. */
  close(): void {
    this.#closed = true;
    this.#watched.clear();
    this.#rest();
  }

  #rest(): void {
    this.#timer?.stop();
    this.#timer = undefined;
    if (this.#pause !== undefined) this.#clock.clearTimeout(this.#pause);
    this.#pause = undefined;
  }

  #clean(): void {
    if (this.#pause !== undefined) this.#clock.clearTimeout(this.#pause);
    this.#pause = undefined;
    const now = this.#clock.now();
    let left = SLICE;
    for (const ref of this.#watched) {
      const cleanable = ref.deref();
      if (cleanable !== undefined) left -= cleanable.sweep(now, left);
      if (cleanable?.hasAgeing !== true) this.#watched.delete(ref);
      if (left <= 0) break;
    }
    if (this.#watched.size === 0) return this.#rest();
    if (left > 0) return;
    this.#pause = this.#clock.setTimeout(() => this.#clean(), PAUSE_MS);
    unref(this.#pause);
  }
}
