import { seededRandom } from '../../src/base/random.js';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { adaptiveLimit, type AnyPolicy, bulkhead, compose, Registry, timeout } from '../../src/index.js';
import type { Chart } from './line-chart.js';
import { Worker } from './worker.js';

/** Calls that the dependency works on at full speed, on a good day. */
export const CAPACITY = 40;
const SLOTS = 100;
const TIMEOUT_MS = 500;
const TICK_MS = 5;
/** Callers come 600 times a second: in each tick up to six, as if by coins. */
const MOST_IN_TICK = 6;
const HALVES_AT_S = 30;
const AFTERWARDS_S = 40;

/** What one second was like. */
export interface Second {
  readonly capacity: number;
  /** Calls that came in it. */
  readonly offered: number;
  /** Calls that were answered in it, in time. */
  readonly good: number;
  /** How long those had taken on average, in ms. */
  readonly latencyMs: number;
  /** Calls in the dependency at its end. */
  readonly running: number;
  /** The adaptive limit at its end; 0 without one. */
  readonly limit: number;
}

/** What guards the calls, beside a timeout. */
export type Guard = 'none' | 'bulkhead' | 'adaptiveLimit';

/**
 * Callers of a dependency whose capacity halves after 30 s and returns later, second by second. At half its capacity it
 * is asked for one and a half times what it can do.
 */
export async function capacityHalves(guard: Guard, { halvedForS = 30, seed = 7 } = {}): Promise<Second[]> {
  const clock = new ManualClock();
  const registry = new Registry({ clock });
  const random = seededRandom(seed);
  const worker = new Worker(CAPACITY, seededRandom(seed + 1));
  const policy = policyFor(guard, registry) as unknown as (fn: () => Promise<void>) => () => Promise<void>;
  const call = policy(() => worker.call());
  const counted = { offered: 0, good: 0, totalMs: 0 };
  const ask = () => {
    const cameAt = clock.now();
    counted.offered++;
    call().then(
      () => {
        counted.good++;
        counted.totalMs += clock.now() - cameAt;
      },
      () => {},
    );
  };
  const seconds: Second[] = [];
  for (let second = 0; second < HALVES_AT_S + halvedForS + AFTERWARDS_S; second++) {
    const isHalved = second >= HALVES_AT_S && second < HALVES_AT_S + halvedForS;
    worker.capacity = isHalved ? CAPACITY / 2 : CAPACITY;
    Object.assign(counted, { offered: 0, good: 0, totalMs: 0 });
    for (let ms = 0; ms < 1_000; ms += TICK_MS) {
      for (let caller = 0; caller < MOST_IN_TICK; caller++) if (random() < 0.5) ask();
      await clock.advance(TICK_MS);
      worker.work(TICK_MS);
    }
    const { offered, good, totalMs } = counted;
    const latencyMs = good === 0 ? 0 : totalMs / good;
    const { capacity, running } = worker;
    seconds.push({ capacity, offered, good, latencyMs, running, limit: limitOf(registry) });
  }
  return seconds;
}

/** The average of some seconds. */
export function averageOf(seconds: readonly Second[], field: keyof Second, fromS: number, toS: number): number {
  const part = seconds.slice(fromS, toS);
  return part.reduce((sum, second) => sum + second[field], 0) / part.length;
}

/** The chart of it. */
export async function capacityHalvesChart(): Promise<Chart> {
  const none = await capacityHalves('none');
  const fixed = await capacityHalves('bulkhead');
  const adaptive = await capacityHalves('adaptiveLimit');
  const valuesOf = (seconds: readonly Second[], field: keyof Second) => seconds.map((second) => second[field]);
  const nameOf = (name: string, seconds: readonly Second[]) =>
    `${name}: ${Math.round(averageOf(seconds, 'good', 35, 60))}/s, ${Math.round(averageOf(seconds, 'latencyMs', 35, 60))} ms`;
  return {
    label: 'A dependency whose capacity halves between 30 and 60 s, under three guards',
    stepS: 1,
    markS: 10,
    panels: [
      {
        title: 'Calls answered in time, per second; in the legend, the averages from 35 to 60 s',
        most: 800,
        lines: [
          { name: 'offered', colour: '#888888', values: valuesOf(adaptive, 'offered'), dashed: true },
          { name: 'no limit', colour: '#c62828', values: valuesOf(none, 'good') },
          { name: nameOf(`bulkhead of ${SLOTS}`, fixed), colour: '#ef8f00', values: valuesOf(fixed, 'good') },
          { name: nameOf('adaptiveLimit', adaptive), colour: '#1565c0', values: valuesOf(adaptive, 'good') },
        ],
      },
      {
        title: 'Calls at once',
        most: 120,
        lines: [
          { name: 'capacity', colour: '#888888', values: valuesOf(adaptive, 'capacity'), dashed: true },
          { name: 'running, bulkhead', colour: '#ef8f00', values: valuesOf(fixed, 'running') },
          { name: 'running, adaptiveLimit', colour: '#64b5f6', values: valuesOf(adaptive, 'running') },
          { name: 'its limit', colour: '#1565c0', values: valuesOf(adaptive, 'limit') },
        ],
      },
    ],
  };
}

function policyFor(guard: Guard, registry: Registry): AnyPolicy {
  const limit = timeout({ ms: TIMEOUT_MS, registry });
  if (guard === 'none') return limit;
  if (guard === 'bulkhead') return compose(limit, bulkhead({ maxConcurrent: SLOTS, registry }));
  return compose(limit, adaptiveLimit({ name: 'dependency', registry }));
}

function limitOf(registry: Registry): number {
  const snapshot = registry.limiters.get('dependency')?.snapshot();
  return snapshot !== undefined && 'usualLatencyMs' in snapshot ? snapshot.limit : 0;
}
