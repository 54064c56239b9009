import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { blocksOf } from '../../scripts/example-pages/blocks.js';
import { plots } from '../../scripts/performance/blocks.js';
import { resultOf } from '../../scripts/performance/results.js';

const page = readFileSync('docs/performance.md', 'utf8');
const manifest = JSON.parse(readFileSync('bench/package.json', 'utf8')) as { dependencies: Record<string, string> };

// That each table is made from the result files is tested with all pages, in test/examples/pages.test.ts.
describe('the page on performance', () => {
  // To mend it: npm run pages
  test.each(Object.entries(plots()))('shows %s as it is drawn from the result files', (path, plot) => {
    expect(readFileSync(path, 'utf8')).toBe(plot);
    expect(page).toContain(`](${path.replace('docs/', '')})`);
  });

  test('has a table of each result file', () => {
    const about = blocksOf(page).flatMap((block) => block.about);

    expect(about.sort()).toEqual(
      ['circumstances', 'curves', 'http', 'imports', 'memory', 'policies', 'sizes', 'soak', 'stacks'].sort(),
    );
  });

  test.each(['20', '22', '24'] as const)('has figures of Node %s', (major) => {
    expect(resultOf(`policies-${major}`).node.split('.')[0]).toBe(major);
  });

  test('names the machine, the date and the versions', () => {
    const { date, machine, versions } = resultOf('policies-20');

    expect(page).toContain(date.slice(0, 10));
    expect(page).toContain(machine.cpu);
    for (const [name, version] of Object.entries(versions)) expect(page).toContain(`${name} ${version}`);
  });
});

describe('the result of a run', () => {
  const { jobs, stacks, versions } = resultOf('policies-20');

  test('is of the peers that are installed for it', () => {
    expect(versions).toMatchObject(manifest.dependencies);
  });

  test('has a case of each group of cases', () => {
    const groups = readdirSync('bench/cases').map((file) => file.replace('.mjs', ''));
    const measured = new Set(jobs.flatMap(({ own, others }) => [...(own === undefined ? [] : [own]), ...others]));
    const names = new Set([...measured].map(({ group }) => group));

    expect([...names].sort()).toEqual(groups.filter((group) => !['reference', 'stacks'].includes(group)).sort());
    expect(stacks).not.toEqual([]);
  });

  test('has a case of the library for each job that another does', () => {
    expect(jobs.filter(({ own }) => own === undefined).map(({ name }) => name)).toEqual([]);
  });

  test('has every curve that there is', () => {
    const text = readdirSync('bench/curves').map((file) => readFileSync(`bench/curves/${file}`, 'utf8'));
    const entries = text.join('\n').matchAll(/^ {2}(?:'([^'\n]+)'|(\w+)): (?:\{$|snapshotOf\()/gm);
    const declared = [...entries].map(([, quoted, plain]) => quoted ?? plain ?? '');

    expect(
      resultOf('curves')
        .curves.map(({ name }) => name)
        .sort(),
    ).toEqual(declared.sort());
  });
});
