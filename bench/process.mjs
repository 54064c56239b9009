/** One process of a run: measures one group of cases beside the bare call and sends the times to the parent. */
import { referenceCases } from './cases/reference.mjs';
import { measure } from './measure.mjs';

process.once('message', async (order) => {
  process.send(await answerTo(order), () => {
    // A library may keep a timer that would hold the process, and disturb those after it.
    process.exit();
  });
});

async function answerTo(order) {
  try {
    const own = await casesOf(order);
    return { times: await measure([...referenceCases(), ...own], order.rounds) };
  } catch (error) {
    return { error: error.stack };
  }
}

async function casesOf({ module: path, dist, only = [], settings = {} }) {
  if (path === undefined) return [];
  const module = await import(path);
  await module.prove?.(dist);
  const cases = await module.cases(dist, settings);
  const wanted = only.length === 0 ? cases : cases.filter(({ name }) => only.includes(name));
  for (const { ready } of wanted) await ready?.();
  return wanted;
}
