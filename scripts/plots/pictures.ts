import { capacityHalvesChart } from './capacity-halves.js';
import { type Chart, drawn } from './line-chart.js';
import { overloadChart } from './overload.js';

/** The pictures of the docs, each with the simulation that it is drawn from. */
const charts: Readonly<Record<string, () => Promise<Chart>>> = {
  'docs/images/adaptive-limit.svg': capacityHalvesChart,
  'docs/images/shed.svg': overloadChart,
};

/** The files of the pictures. */
export const PICTURES: readonly string[] = Object.keys(charts);

/** Runs the simulation behind a picture, and draws it. */
export async function pictureFor(path: string): Promise<string> {
  const chart = charts[path];
  if (chart === undefined) throw new Error(`there is no simulation for ${path}`);
  return drawn(await chart());
}
