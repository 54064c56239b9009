import type { Random } from '../base/random.js';

const TIME_DIGITS = 9;
const COUNTER_DIGITS = 4;
const CHANCE_DIGITS = 4;
const FORM = /^([\da-z]{9})-([\da-z]{4})-/;
const COUNTER_LIMIT = 36 ** COUNTER_DIGITS;
const CHANCE_LIMIT = 36 ** CHANCE_DIGITS;

/**
 * Gives ids that sort as they were given: time of day, a counter for those of one ms, and some chance, so that two
 * processes with one store do not meet. A clock that is set back does not disturb the order.
 */
export class EntryIds {
  readonly #random: Random;
  #timeMs = 0;
  #counter = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  next(wallMs: number): string {
    this.#advanceTo(Math.max(this.#timeMs, Math.floor(wallMs)));
    const chance = Math.floor(this.#random() * CHANCE_LIMIT);
    return [
      digits(this.#timeMs, TIME_DIGITS),
      digits(this.#counter, COUNTER_DIGITS),
      digits(chance, CHANCE_DIGITS),
    ].join('-');
  }

  /** Goes on behind an id that was given before, by another process perhaps. One of another form is no error. */
  follow(id: string): void {
    const [, time, counter] = FORM.exec(id) ?? [];
    if (time === undefined || counter === undefined) return;
    const timeMs = Number.parseInt(time, 36);
    if (timeMs < this.#timeMs) return;
    const given = Number.parseInt(counter, 36);
    this.#counter = timeMs === this.#timeMs ? Math.max(this.#counter, given) : given;
    this.#timeMs = timeMs;
  }

  #advanceTo(timeMs: number): void {
    this.#counter = timeMs === this.#timeMs ? this.#counter + 1 : 0;
    this.#timeMs = timeMs;
    if (this.#counter < COUNTER_LIMIT) return;
    this.#timeMs++;
    this.#counter = 0;
  }
}

function digits(value: number, length: number): string {
  return value.toString(36).padStart(length, '0');
}
