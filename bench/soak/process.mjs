/** The process that makes the calls, and looks at itself between them. */
import { setTimeout as delay } from 'node:timers/promises';
import { soakCalls } from './calls.mjs';

const atOnce = 100;

process.once('message', async ({ dist, calls, samples }) => {
  const library = await import(new URL('index.js', dist).href);
  const registry = new library.Registry();
  const { one, tally } = soakCalls(library, registry);
  for (let sample = 1; sample <= samples; sample++) {
    const until = (calls / samples) * sample;
    while (tally.calls < until) await Promise.all(Array.from({ length: atOnce }, one));
    process.send({ sample: await lookAtSelf(tally) });
  }
  const snapshot = registry.snapshot();
  await registry.close();
  const left = await lookAtSelf(tally);
  process.send({ tally, left, prices: snapshot.breakers.prices }, () => {
    process.exit();
  });
});

/** What is held once everything has come to rest. */
async function lookAtSelf({ calls, runs }) {
  await delay(60);
  for (let time = 0; time < 3; time++) {
    globalThis.gc();
    await delay(1);
  }
  const { heapUsed, external } = process.memoryUsage();
  const resources = process.getActiveResourcesInfo();
  const timers = resources.filter((type) => type === 'Timeout').length;
  return {
    calls,
    runs,
    heapMb: heapUsed / 1e6,
    externalMb: external / 1e6,
    timers,
    handles: resources.length - timers,
  };
}
