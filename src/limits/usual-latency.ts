/** What is learnt is forgotten by a share of the time that passes: within five minutes, to a third. */
const MEMORY_MS = 300_000;
/** Until so many windows are known, each counts the same. */
const WARM_UP = 10;
/** The most that one window counts once it is warm, however long ago the last one was. */
const MOST_WEIGHT = 0.1;
/** How far a probe counts: it was made to find out. */
const PROBE_WEIGHT = 0.5;

/**
 * How long calls take in the long run: an average in which later windows count more.
 * @see Netflix concurrency-limits, "Gradient2": an average of 600 windows of a second, and the rule for its way back
 */
export class UsualLatency {
  #ms: number | undefined = undefined;
  #windows = 0;
  #learntAt = 0;

  /** In ms; undefined until the first window is known. */
  get ms(): number | undefined {
    return this.#ms;
  }

  /**
   * Takes in a window's average, and gives the one in the long run.
   * @param what Whether a slower window counts too; in the beginning it does in any case.
   */
  learn(windowMs: number, nowMs: number, what: 'any' | 'only faster'): number {
    const before = this.#ms ?? windowMs;
    const isWarm = this.#windows >= WARM_UP;
    const elapsedMs = Math.max(0, nowMs - this.#learntAt);
    this.#learntAt = nowMs;
    if (isWarm && what === 'only faster' && windowMs >= before) return before;
    this.#windows++;
    const weight = isWarm ? Math.min(MOST_WEIGHT, elapsedMs / MEMORY_MS) : 1 / this.#windows;
    let ms = before + (windowMs - before) * weight;
    // Calls are fast again after a long time of slow ones, which must not pass for usual until it is forgotten.
    if (ms > 2 * windowMs) ms *= 0.95;
    this.#ms = ms;
    return ms;
  }

  /** Takes in what calls took in a probe. */
  correct(probeMs: number, nowMs: number): void {
    const before = this.#ms ?? probeMs;
    this.#ms = before + (probeMs - before) * PROBE_WEIGHT;
    this.#learntAt = nowMs;
  }
}
