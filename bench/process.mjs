/** One process of a run: measures one group of cases beside the bare call and sends the times to the parent. */
import { referenceCases } from './cases/reference.mjs';
import { measure } from './measure.mjs';

process.once('message', async ({ group, dist, rounds, only }) => {
  try {
    const cases = [...referenceCases(), ...(await casesOf(group, dist, only))];
    process.send({ times: await measure(cases, rounds) });
  } catch (error) {
    process.send({ error: error.stack });
  }
  process.disconnect();
});

async function casesOf(group, dist, only) {
  if (group === undefined) return [];
  const module = await import(`./cases/${group}.mjs`);
  await module.prove?.(dist);
  const cases = await module.cases(dist);
  const wanted = only.length === 0 ? cases : cases.filter(({ name }) => only.includes(name));
  for (const { ready } of wanted) await ready?.();
  return wanted;
}
