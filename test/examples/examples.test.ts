import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { claimsOf, exampleFile, exampleStems, runExample } from '../../scripts/example-pages/example.js';

const stems = exampleStems();

// Each is a process of its own that loads the whole package: two at a time are enough for a small machine.
describe('an example', { timeout: 60_000 }, () => {
  const runs = new Map<string, Promise<string[]>>();
  let last: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];
  for (const [index, stem] of stems.entries()) {
    const run = (last[index % 2] as Promise<unknown>).then(() => runExample(stem));
    last = last.with(
      index % 2,
      run.catch(() => undefined),
    );
    run.catch(() => undefined);
    runs.set(stem, run);
  }

  test.each(stems)('%s prints what its comments claim', async (stem) => {
    const claims = claimsOf(readFileSync(exampleFile(stem), 'utf8'));

    expect(claims).not.toEqual([]);
    expect(await runs.get(stem)).toEqual(claims);
  });

  test.each(stems)('%s is short enough to be read', (stem) => {
    const lines = readFileSync(exampleFile(stem), 'utf8').trimEnd().split('\n').length;

    expect(lines).toBeLessThanOrEqual(60);
  });
});
