/** How full a cache is. It is kept beside the cache, for those who sum up over many and hold none of them alive. */
export class Fill {
  entries = 0;
  weight = 0;
  readonly #whole: Fill | undefined;

  /** @param whole What this one is a part of, and counts in. */
  constructor(whole?: Fill) {
    this.#whole = whole;
  }

  /** Says anew how much there is. */
  set(entries: number, weight: number): void {
    const whole = this.#whole;
    if (whole !== undefined) {
      whole.entries += entries - this.entries;
      whole.weight += weight - this.weight;
    }
    this.entries = entries;
    this.weight = weight;
  }
}
