import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** The names that stand at the beginning of lines, in what a pattern picks. */
const namesIn = (path: string, pattern: RegExp) =>
  [...readFileSync(path, 'utf8').matchAll(pattern)].map(([, name]) => name).sort();

test('each rule stands on the page of advice, and none that is not there', () => {
  const rules = namesIn('src/registry/advice/advice.ts', /^  '([a-z-]+)': /gm);

  expect(rules.length).toBeGreaterThan(25);
  expect(namesIn('docs/advise.md', /^\| `([a-z]+-[a-z-]+)` \| [Wn] /gm)).toEqual(rules);
});
