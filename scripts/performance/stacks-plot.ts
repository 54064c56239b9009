import type { PoliciesResult, StackRow } from './results.js';
import { axes, COLOURS, dot, label, path, picture, scale, steps, ticksAcross, ticksUp } from './svg.js';

const [left, right, top, bottom] = [60, 480, 60, 340];

/** Every random stack: what it adds by what its policies add alone, and the line that it must stay below. */
export function stacksPlot({ node, stacks, stackGate }: PoliciesResult): string {
  const most = Math.max(...stacks.map(({ alone, added }) => Math.max(alone, added))) * 1.05;
  const x = scale([0, most], [left, right]);
  const y = scale([0, most], [bottom, top]);
  const border = (slope: number, colour: string, text: string): string[] => {
    const end = [x(most / slope), y(most)] as const;
    return [path([[x(0), y(0)], end], colour), label([end[0], end[1] - 5], text, 'middle', colour)];
  };
  const colourOf = ({ met }: StackRow): string => (met ? COLOURS.blue : COLOURS.vermilion);
  const values = steps(most);
  const title = `Random stacks: what each adds to a bare call; Node ${node}`;
  return picture(550, 405, title, [
    label([20, 20], title),
    label([20, 46], 'the stack adds, × bare'),
    ...ticksAcross(
      values.map((at) => ({ at: x(at), text: String(at) })),
      [bottom, top],
    ),
    ...ticksUp(
      values.map((at) => ({ at: y(at), text: String(at) })),
      [left, right],
    ),
    axes([left, bottom], [right, top]),
    ...border(1, COLOURS.ink, '1 ×'),
    ...border(stackGate, COLOURS.vermilion, `gate: ${stackGate} ×`),
    ...stacks.map((stack) => dot([x(stack.alone), y(stack.added)], colourOf(stack), tipOf(stack))),
    label([right, bottom + 34], 'its policies alone add, summed, × bare', 'end'),
    dot([left, bottom + 52], COLOURS.blue, 'a stack that keeps to the gate'),
    label([left + 9, bottom + 56], 'keeps to the gate'),
    dot([left + 140, bottom + 52], COLOURS.vermilion, 'a stack above the gate'),
    label([left + 149, bottom + 56], 'above the gate'),
  ]);
}

function tipOf({ name, added, alone }: StackRow): string {
  return `${name}: ${added.toFixed(2)} of ${alone.toFixed(2)}`;
}
