import type { Behaviour } from './script.js';

/** What becomes of one request. */
export type Fate =
  | { readonly kind: 'answered'; readonly delayMs: number }
  | { readonly kind: 'refused'; readonly delayMs: number; readonly status: number }
  | { readonly kind: 'reset'; readonly delayMs: number };

/** Bad enough to hurt a caller who asks once, not so bad that asking again is in vain. */
const BURST_SHARE = 0.6;
const RESET_SHARE = 0.35;
const ERROR_STATUSES = [500, 502, 503] as const;

/** Decides a request's fate by the upstream's behaviour and chance. It draws two numbers whatever the outcome. */
export function fateOf(behaviour: Behaviour, random: () => number): Fate {
  const which = random();
  const howLong = random();
  switch (behaviour) {
    case 'healthy':
      return { kind: 'answered', delayMs: 4 + 20 * howLong ** 2 };
    case 'warming':
      return { kind: 'answered', delayMs: 20 + 80 * howLong };
    case 'slow':
      return { kind: 'answered', delayMs: slowMs(which, howLong) };
    case 'burst':
      if (which >= BURST_SHARE) return fateOf('healthy', random);
      return { kind: 'refused', delayMs: 3 + 20 * howLong, status: statusOf(which / BURST_SHARE) };
    case 'resetting':
      if (which >= RESET_SHARE) return fateOf('healthy', random);
      return { kind: 'reset', delayMs: 1 + 15 * howLong };
    case 'down':
      return { kind: 'reset', delayMs: 0 };
  }
}

/** Most answers are late, some are very late, and one in ten is of no use to anybody. */
function slowMs(which: number, howLong: number): number {
  if (which < 0.6) return 40 + 160 * howLong;
  if (which < 0.9) return 200 + 300 * howLong;
  return 800 + 1_200 * howLong;
}

function statusOf(share: number): number {
  return ERROR_STATUSES[Math.floor(share * ERROR_STATUSES.length)] ?? 503;
}
