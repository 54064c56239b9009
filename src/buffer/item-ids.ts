import type { Clock } from '../base/clock.js';
import type { Random } from '../base/random.js';

const CHANCE_LIMIT = 36 ** 6;

/** Gives ids that no other buffer gives, of this process or of one before: a prefix of time and chance, and a counter. */
export class ItemIds {
  readonly #prefix: string;
  #given = 0;

  constructor(clock: Clock, random: Random) {
    const chance = Math.floor(random() * CHANCE_LIMIT);
    this.#prefix = `${Math.floor(clock.wallNow()).toString(36)}-${chance.toString(36)}`;
  }

  next(): string {
    this.#given++;
    return `${this.#prefix}-${this.#given.toString(36)}`;
  }

  /** Goes on behind an id that is there already: with a clock and chance that are set, two buffers have one prefix. */
  follow(id: string): void {
    if (!id.startsWith(`${this.#prefix}-`)) return;
    const given = Number.parseInt(id.slice(this.#prefix.length + 1), 36);
    if (given > this.#given) this.#given = given;
  }
}
