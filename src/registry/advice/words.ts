import { grouped, plural } from '../../base/wording.js';

/** A number that may have no end: `1 200`, `endlessly many`. */
export function many(number: number): string {
  return number === Infinity ? 'endlessly many' : grouped(number);
}

/** A number of things that may have no end: `1 attempt`, `endlessly many attempts`. */
export function manyOf(number: number, noun: string): string {
  return number === Infinity ? `${many(number)} ${noun}s` : plural(number, noun);
}
