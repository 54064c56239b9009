/** A source of chance: each call gives a number in [0, 1). */
export type Random = () => number;

/** The machine's own chance. */
export const systemRandom: Random = () => Math.random();

/**
 * Chance that repeats: the same seed gives the same numbers.
 * @see "mulberry32", Tommy Ettinger (public domain)
 * @example const random = seededRandom(42);
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
