import { readFileSync } from 'node:fs';
import { dirname } from 'node:path/posix';
import { describe, expect, test } from 'vitest';
import { brokenLinks, featureIds, halfTickedRows } from './documents.js';
import { filesOf } from './source-tree.js';

const files = ['src', 'test', 'docs', 'examples', 'bench', 'scripts'].flatMap(filesOf);
const paths = new Set(['README.md', 'CHANGELOG.md', 'LICENSE', ...files, ...files.map((path) => dirname(path))]);
const pages = [...paths].filter((path) => path.endsWith('.md') && !path.startsWith('docs/api/'));
const features = readFileSync('docs/features.md', 'utf8');

describe('the documents', () => {
  test('link to what is there', () => {
    expect(pages.flatMap((page) => brokenLinks(page, readFileSync(page, 'utf8'), paths))).toEqual([]);
  });

  test('list every feature that was asked for, and drop none', () => {
    const counts = { A: 12, B: 3, C: 9, D: 6, E: 4, F: 3, G: 1, H: 8 };
    const ids = Object.entries(counts).flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
    );

    expect(featureIds(features)).toEqual(ids);
  });

  test('tick a feature with its test, page and example', () => {
    expect(halfTickedRows(features)).toEqual([]);
  });

  test('name the command that CI runs the tests with', () => {
    expect(readFileSync('README.md', 'utf8')).toMatch(/^npm ci && npm test$/m);
    expect(readFileSync('.ci/run', 'utf8')).toContain('node scripts/test-command.mjs');
  });
});
