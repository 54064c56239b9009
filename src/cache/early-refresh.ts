import type { Random } from '../base/random.js';

/**
 * Whether a hit should refresh its entry before it expires. Each caller decides alone, by chance, and the chance grows
 * towards the end in proportion to how long a load takes: so one of many callers refreshes early, and they do not all
 * miss at the moment of expiry. It is true when `now − δ·β·ln(rand) ≥ expiry`, with β = 1.
 * @param loadMs δ, how long the last load took, in ms; a load that took no time is never worth an early one
 * @see Vattani, Chierichetti, Lowenstein, "Optimal Probabilistic Cache Stampede Prevention" (2015): XFetch
 */
export function isDueEarly(nowMs: number, expiresAt: number, loadMs: number, random: Random): boolean {
  if (loadMs <= 0) return false;
  return nowMs - loadMs * Math.log(random()) >= expiresAt;
}
