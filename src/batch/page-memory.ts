import { roughSize } from './rough-size.js';

const BYTES_PER_MB = 1_048_576;
/** Items of a page that are looked at. */
const SAMPLE = 16;

/** Keeps pages so short that those held at once stay within a limit. */
export class PageMemory {
  readonly #limitBytes: number;
  readonly #pagesHeld: number;

  constructor(limitMb: number, pagesHeld: number) {
    this.#limitBytes = limitMb * BYTES_PER_MB;
    this.#pagesHeld = pagesHeld;
  }

  /**
   * How long pages are to be, after one of these items. Never longer than before, and a divisor of it: a source that
   * counts its pages finds the same beginnings.
   */
  fit(items: readonly unknown[], limit: number): number {
    if (this.#limitBytes === Infinity || items.length === 0) return limit;
    const most = Math.floor(this.#limitBytes / (this.#pagesHeld * bytesPerItem(items)));
    if (most >= limit) return limit;
    let length = Math.max(1, most);
    while (limit % length !== 0) length--;
    return length;
  }
}

function bytesPerItem(items: readonly unknown[]): number {
  const step = Math.max(1, Math.floor(items.length / SAMPLE));
  const sample = items.filter((_, index) => index % step === 0);
  return sample.reduce((sum: number, item) => sum + roughSize(item), 0) / sample.length;
}
