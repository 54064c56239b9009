import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { blocksOf } from '../../scripts/example-pages/blocks.js';
import { madeAnew, pages } from '../../scripts/example-pages/page.js';

const policyPages = pages().filter((path) => path.startsWith('docs/policies/'));

describe('a page', () => {
  // To mend it: node --import tsx scripts/example-pages/write.ts
  test.each(pages())('%s has its examples and tables from the files themselves', (path) => {
    const page = readFileSync(path, 'utf8');

    expect(madeAnew(page)).toBe(page);
  });

  test.each(policyPages)('%s shows its example, and is in the common form', (path) => {
    const page = readFileSync(path, 'utf8');
    const stem = path.replaceAll(/^.*\/|\.md$/g, '');
    const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);

    expect(blocksOf(page)).toContainEqual(expect.objectContaining({ kind: 'example', about: [stem] }));
    expect(headings).toEqual([
      'Use it',
      'Options',
      'What happens',
      'Errors, events, registry',
      'With others',
      'Mistakes',
    ]);
  });

  test.each(policyPages)('%s belongs to a policy', (path) => {
    const stem = path.replaceAll(/^.*\/|\.md$/g, '');
    const sources = [`src/policies/${stem}.ts`, `src/edges/${stem}/${stem}.ts`];

    expect(sources.filter((source) => existsSync(source))).toHaveLength(1);
  });
});
