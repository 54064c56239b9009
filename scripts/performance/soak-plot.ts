import type { SoakResult } from './results.js';
import { COLOURS, grouped, label, path, picture, scale } from './svg.js';

/** What the process held, by the calls it had made. */
export function soakPlot({ node, plan, samples }: SoakResult): string {
  const most = Math.max(...samples.map(({ heapMb }) => heapMb)) * 1.3;
  const x = scale([0, plan.calls], [50, 680]);
  const y = scale([0, most], [190, 40]);
  const title = `Heap at rest, in MB, over ${grouped(plan.calls)} calls with faults; Node ${node}`;
  return picture(700, 230, title, [
    label([20, 20], title),
    path(
      [
        [x(0), 40],
        [x(0), y(0)],
        [x(plan.calls), y(0)],
      ],
      '#24292f',
    ),
    path(
      samples.map(({ calls, heapMb }) => [x(calls), y(heapMb)] as const),
      COLOURS[0],
      'stroke-width="2"',
    ),
    label([x(0) - 6, y(0) + 4], '0', 'end'),
    label([x(0) - 6, y(most) + 4], most.toFixed(0), 'end'),
    label([x(plan.calls), y(0) + 18], `${grouped(plan.calls)} calls`, 'end'),
  ]);
}
