import { fork } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sound } from './gates.mjs';
import { paired } from './measure.mjs';
import { median } from './statistics.mjs';

const script = new URL('process.mjs', import.meta.url);

/** Measures a group of cases in a process of its own. */
export function measureApart(node, order) {
  return new Promise((resolve, reject) => {
    const child = fork(script, { execPath: node, execArgv: ['--expose-gc'] });
    child.once('message', ({ times, error }) => (times ? resolve(times) : reject(new Error(error))));
    child.once('exit', (code) => reject(new Error(`a measuring process ended with ${code}`)));
    child.send(order);
  });
}

/** What the reference cases of a process say of it. */
export function canaryOf(times) {
  const against = (name) => median(paired(times[name], times.bare));
  return {
    again: against('bare again'),
    asyncLayer: against('async layer'),
    sharedThen: against('shared then'),
    bareNs: median(times.bare),
  };
}

export function isSound({ again, asyncLayer, sharedThen }) {
  const [least, most] = sound.again;
  return again >= least && again <= most && asyncLayer <= sound.asyncLayer && sharedThen <= sound.sharedThen;
}

/** Whether the same function measured twice read the same. */
export function isHonest({ again }) {
  return again >= sound.again[0] && again <= sound.again[1];
}

/**
 * Copies of the Node binary, each tried: where a copy lies in the page cache shifts ratios by up to 40 %, while the bare
 * call stands still. The best is used for everything.
 */
export async function bestBinary(node, copies, rounds, tell) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const tried = [];
  for (let copy = 1; copy <= copies; copy++) {
    const path = join(folder, `node${copy}`);
    copyFileSync(node, path);
    const canaries = [];
    for (let time = 0; time < 2; time++) canaries.push(canaryOf(await measureApart(path, { rounds, only: [] })));
    const canary = canaries.sort((left, right) => left.asyncLayer - right.asyncLayer)[1];
    tried.push({ path, canary });
    tell(
      `binary ${copy}/${copies}: async layer ${canary.asyncLayer.toFixed(2)}, shared then ${canary.sharedThen.toFixed(2)}`,
    );
  }
  const score = ({ canary }) => canary.asyncLayer / 2 + canary.sharedThen;
  const [best, ...others] = tried.sort((left, right) => score(left) - score(right));
  for (const { path } of others) rmSync(path);
  return { ...best, discard: () => rmSync(folder, { recursive: true }) };
}
