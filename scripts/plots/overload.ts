import { seededRandom } from '../../src/base/random.js';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { Registry, shed } from '../../src/index.js';
import type { Chart } from './line-chart.js';
import { RefusingServer } from './refusing-server.js';

const TICK_MS = 10;
const LENGTH_S = 300;
/** Callers a second: less than the server can do, four times as many as it can, and less again. */
const CALM = 80;
const CROWD = 400;
const CROWD_FROM_S = 40;
const CROWD_TO_S = 160;

/** What five seconds were like, a second. */
export interface Span {
  readonly offered: number;
  /** Calls that the server got. */
  readonly received: number;
  /** Calls that were answered with a value. */
  readonly good: number;
}

/** How long a span lasts. */
export const SPAN_S = 5;

/** A server in an overload from 40 to 160 s, its callers with `shed` or without, in spans of five seconds. */
export async function overload(guard: 'shed' | 'none', { k = 2, windowMs = 120_000, seed = 11 } = {}): Promise<Span[]> {
  const clock = new ManualClock();
  const registry = new Registry({ clock, random: seededRandom(seed) });
  const random = seededRandom(seed + 1);
  const server = new RefusingServer();
  const send = () => server.call();
  const call = guard === 'none' ? send : shed({ k, windowMs, registry, async: true })(send);
  const counted = { offered: 0, good: 0 };
  const spans: Span[] = [];
  for (let second = 0; second < LENGTH_S; second++) {
    if (second % SPAN_S === 0) {
      Object.assign(counted, { offered: 0, good: 0 });
      server.received = 0;
    }
    const perTick = ((second >= CROWD_FROM_S && second < CROWD_TO_S ? CROWD : CALM) * TICK_MS) / 1_000;
    for (let ms = 0; ms < 1_000; ms += TICK_MS) {
      for (let left = 2 * perTick; left > 0; left--) {
        if (random() >= Math.min(1, left) / 2) continue;
        counted.offered++;
        call().then(
          () => void counted.good++,
          () => {},
        );
      }
      await clock.advance(TICK_MS);
      server.work(TICK_MS);
    }
    if (second % SPAN_S < SPAN_S - 1) continue;
    const { offered, good } = counted;
    spans.push({ offered: offered / SPAN_S, received: server.received / SPAN_S, good: good / SPAN_S });
  }
  return spans;
}

/** The average a second, over some seconds. */
export function perSecond(spans: readonly Span[], field: keyof Span, fromS: number, toS: number): number {
  const part = spans.slice(fromS / SPAN_S, toS / SPAN_S);
  return part.reduce((sum, span) => sum + span[field], 0) / part.length;
}

/** The chart of it. */
export async function overloadChart(): Promise<Chart> {
  const without = await overload('none');
  const withShed = await overload('shed');
  const shorter = await overload('shed', { windowMs: 20_000 });
  const valuesOf = (spans: readonly Span[], field: keyof Span) => spans.map((span) => span[field]);
  const nameOf = (name: string, spans: readonly Span[]) =>
    `${name}: ${Math.round(perSecond(spans, 'good', 60, 160))}/s`;
  return {
    label: 'A server that is asked for four times what it can do, from 40 to 160 s, with shed and without',
    stepS: SPAN_S,
    markS: 20,
    panels: [
      {
        title: 'Calls answered, per second, by a server that can do 100; in the legend, the averages from 60 to 160 s',
        most: 120,
        lines: [
          { name: nameOf('without', without), colour: '#c62828', values: valuesOf(without, 'good') },
          { name: nameOf('shed', withShed), colour: '#1565c0', values: valuesOf(withShed, 'good') },
          { name: nameOf('windowMs: 20_000', shorter), colour: '#64b5f6', values: valuesOf(shorter, 'good') },
        ],
      },
      {
        title: 'Calls that the server gets, per second',
        most: 480,
        lines: [
          { name: 'offered, and sent without shed', colour: '#c62828', values: valuesOf(without, 'received') },
          { name: 'sent with shed', colour: '#1565c0', values: valuesOf(withShed, 'received') },
          { name: 'windowMs: 20_000', colour: '#64b5f6', values: valuesOf(shorter, 'received') },
        ],
      },
    ],
  };
}
