import type { SoakResult } from './results.js';
import { axes, COLOURS, grouped, label, path, picture, scale, steps, ticksAcross, ticksUp } from './svg.js';

const [left, right, top, bottom] = [50, 680, 60, 200];

/** What the process held, by the calls it had made. */
export function soakPlot({ node, plan, samples }: SoakResult): string {
  const most = Math.max(...samples.map(({ heapMb }) => heapMb)) * 1.3;
  const x = scale([0, plan.calls], [left, right]);
  const y = scale([0, most], [bottom, top]);
  const calls = steps(plan.calls).map((at) => ({ at: x(at), text: `${grouped(at / 1e6)}` }));
  const megabytes = steps(most).map((at) => ({ at: y(at), text: grouped(at) }));
  const title = `Heap at rest over ${grouped(plan.calls)} calls with faults; Node ${node}`;
  return picture(700, 245, title, [
    label([20, 20], title),
    label([20, 46], 'heap, MB'),
    ...ticksAcross(calls, [bottom, top]),
    ...ticksUp(megabytes, [left, right]),
    axes([left, bottom], [right, top]),
    path(
      samples.map(({ calls: made, heapMb }) => [x(made), y(heapMb)] as const),
      COLOURS.blue,
      'stroke-width="2"',
    ),
    label([right, bottom + 34], 'calls made, millions', 'end'),
  ]);
}
