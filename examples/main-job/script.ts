import { seededRandom } from './seeded.js';

/** What the upstream goes through, in this order. */
export const PHASES = ['healthy', 'slow', 'errors', 'resets', 'outage', 'recovery'] as const;

/** One of the six phases. */
export type Phase = (typeof PHASES)[number];

/** How the upstream treats a request. */
export type Behaviour = 'healthy' | 'slow' | 'burst' | 'resetting' | 'down' | 'warming';

/** A stretch of time in which the upstream behaves in one way. */
export interface Segment {
  readonly phase: Phase;
  readonly behaviour: Behaviour;
  /** In ms from the beginning of the script. */
  readonly startMs: number;
  readonly endMs: number;
}

const SHARES: Readonly<Record<Phase, number>> = {
  healthy: 0.17,
  slow: 0.16,
  errors: 0.18,
  resets: 0.14,
  outage: 0.18,
  recovery: 0.17,
};

/** What a phase is made of, each part with its share of the phase. */
const PARTS: Readonly<Record<Phase, readonly (readonly [Behaviour, number])[]>> = {
  healthy: [['healthy', 1]],
  slow: [['slow', 1]],
  errors: [
    ['burst', 1],
    ['healthy', 0.6],
    ['burst', 1],
    ['healthy', 0.6],
    ['burst', 1],
  ],
  resets: [['resetting', 1]],
  outage: [['down', 1]],
  recovery: [
    ['warming', 0.3],
    ['healthy', 0.7],
  ],
};

/**
 * Writes the upstream's fate for `totalMs`: every phase once, each a little longer or shorter as the seed has it. The
 * same seed and time give the same script.
 */
export function writeScript(seed: number, totalMs: number): Segment[] {
  const random = seededRandom(seed);
  const parts = PHASES.flatMap((phase) => {
    const phaseShare = SHARES[phase] * vary(random);
    const inside = PARTS[phase].map(([behaviour, share]) => ({ phase, behaviour, share: share * vary(random) }));
    const whole = sum(inside.map(({ share }) => share));
    return inside.map((part) => ({ ...part, share: (part.share / whole) * phaseShare }));
  });
  const whole = sum(parts.map(({ share }) => share));
  let startMs = 0;
  return parts.map(({ phase, behaviour, share }) => {
    const segment = { phase, behaviour, startMs, endMs: startMs + (share / whole) * totalMs };
    startMs = segment.endMs;
    return segment;
  });
}

/** The segment at a moment of the script; before the beginning the first, after the end the last. */
export function segmentAt(script: readonly Segment[], elapsedMs: number): Segment {
  const segment = script.find(({ endMs }) => elapsedMs < endMs) ?? script.at(-1);
  if (segment === undefined) throw new RangeError('a script has at least one segment');
  return segment;
}

function vary(random: () => number): number {
  return 0.85 + 0.3 * random();
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
