import { setTimeout as delay } from 'node:timers/promises';
import { throttle } from '../../../src/edges/throttle/index.js';

// Calls that wait keep the process alive; one that has given up does not, nor does a reservoir that is filled in an hour.
console.log('begun');
const paced = throttle({ minTimeMs: 80 })(async (n: number) => n);
console.log(String(await Promise.all([paced(1), paced(2), paced(3)])));

const quota = throttle({ reservoir: 1, reservoirRefreshMs: 3_600_000 })(async (_signal?: AbortSignal) => 'drawn');
console.log(await quota());
const controller = new AbortController();
const waiting = quota(controller.signal).catch((reason: unknown) => reason);
await delay(50);
controller.abort('given up');
console.log(await waiting);
