/** What is kept for each wrapped function, and for each key of a keyed breaker, in bytes. */
import { jobsOf, libraryOf } from '../cases/holdfast.mjs';
import { sizes } from '../jobs.mjs';

const wrapped = 2_000;
const keys = 20_000;

process.once('message', async ({ group, dist }) => {
  process.send(await keptBy(group, dist), () => {
    process.exit();
  });
});

async function keptBy(group, dist) {
  if (group !== 'holdfast') return keptByEach((await import(`../cases/${group}.mjs`)).jobs);
  const library = await libraryOf(dist);
  const registry = new library.Registry();
  const { timed } = library;
  const jobs = { ...jobsOf(library, registry), timed: (fn) => timed({ registry })(fn) };
  return {
    ...(await keptByEach(jobs)),
    'a key of a breaker': await keptByKey(library, async () => 1),
    'a key that has failed': await keptByKey(library, async () => {
      throw new Error('down');
    }),
  };
}

async function keptByEach(jobs) {
  const kept = {};
  for (const [name, job] of Object.entries(jobs)) {
    if (name in sizes) kept[name] = await keptByWrapped((fn) => job(fn, sizes[name]));
  }
  return kept;
}

/** Each function is called once: what is made at the first call is kept too. */
async function keptByWrapped(wrap) {
  await wrap(target(0))(1);
  const bare = holding(() => Array.from({ length: wrapped }, (_, index) => target(index)));
  const calls = [];
  const before = heap();
  for (let index = 0; index < wrapped; index++) calls.push(wrap(target(index)));
  for (const call of calls) await call(1);
  return Math.round((heap() - before - bare) / calls.length);
}

/** Each key is called once: with success, or, for those of an outage, with a failure. */
async function keptByKey({ KeyedBreakers }, fn) {
  const names = Array.from({ length: keys }, (_, index) => `tenant-${index}`);
  const before = heap();
  const family = new KeyedBreakers({ maxKeys: keys });
  for (const name of names)
    await family
      .for(name)
      .call(fn)
      .catch(() => {});
  return Math.round((heap() - before) / family.size);
}

function target(index) {
  return async (x) => x + index;
}

function holding(make) {
  const before = heap();
  const made = make();
  return made.length > 0 ? heap() - before : 0;
}

function heap() {
  for (let time = 0; time < 4; time++) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
