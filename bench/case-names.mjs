/** A process that tells the names of the cases of groups, so that a wrong one is refused before anything is measured. */
process.once('message', async (order) => {
  process.send(await namesOf(order), () => {
    process.exit();
  });
});

async function namesOf({ groups, dist, settings }) {
  const names = {};
  for (const group of groups) {
    const { cases } = await import(`./cases/${group}.mjs`);
    names[group] = (await cases(dist, settings)).map(({ name }) => name);
  }
  return names;
}
