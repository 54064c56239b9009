import { fork } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sound } from './gates.mjs';
import { paired } from './measure.mjs';
import { median } from './statistics.mjs';

const script = new URL('process.mjs', import.meta.url);

/** What a process of its own answers to an order: `measureApart(node, { module, dist, rounds })`. */
export function measureApart(node, order, path = script) {
  return new Promise((resolve, reject) => {
    const child = fork(path, { execPath: node, execArgv: ['--expose-gc'] });
    child.once('message', (answer) => (answer.error ? reject(new Error(answer.error)) : resolve(answer)));
    child.once('exit', (code) => reject(new Error(`a measuring process ended with ${code}`)));
    child.send(order);
  });
}

/** A process that is void so often runs on a machine that cannot measure now; a quick run has no time for so many. */
const mostAttempts = { full: 8, quick: 2 };
/** With fewer rounds a median says nothing, of the machine neither. */
const fewestRounds = 10;

/**
 * A process whose bare call reads as itself; one in which it does not is void, and run again.
 * @returns its times and canary – neither when it was given up – and how many processes were void
 */
export async function soundRun(node, order, tell) {
  const most = mostAttempts[order.quick ? 'quick' : 'full'];
  for (let voided = 0; voided < most; voided++) {
    const { times } = await measureApart(node, order);
    const canary = canaryOf(times);
    if (order.rounds < fewestRounds || isHonest(canary)) return { times, canary, voided };
    const next = voided + 1 < most ? 'run again' : 'given up';
    tell(`void, ${next}: the bare call read ${canary.again.toFixed(3)} of itself`);
  }
  return { voided: most };
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
  return isHonest({ again }) && asyncLayer <= sound.asyncLayer && sharedThen <= sound.sharedThen;
}

/** Whether the same function measured twice read the same. */
export function isHonest({ again }) {
  return again >= sound.again[0] && again <= sound.again[1];
}

/**
 * Copies of the Node binary, each tried: where a copy lies in the page cache shifts ratios by up to 40 %, while the bare
 * call stands still. The best is used for everything.
 */
export async function bestBinary(node, { copies, canaryRounds }, tell) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const tried = [];
  for (let copy = 1; copy <= copies; copy++) {
    const path = join(folder, `node${copy}`);
    copyFileSync(node, path);
    const canaries = [];
    for (let time = 0; time < 2; time++) {
      const { times } = await measureApart(path, { rounds: canaryRounds });
      canaries.push(canaryOf(times));
    }
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
