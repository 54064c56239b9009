import { describe, expect, test } from 'vitest';
import { missingCompanions, policyStems, unionMembers, unlistedCodes } from './companions.js';
import { brokenLinks, featureIds, halfTickedRows } from './documents.js';
import { cycles, foreignImports, wrongArrows } from './layers.js';
import { tooLong } from './sizes.js';
import { sourceTree } from './source-tree.js';
import { strayTimeAndChance } from './time-and-chance.js';

describe('the direction of imports', () => {
  test.each([
    ['base from a room', 'src/base/a.ts', '../breaker/b.js'],
    ['a room from another', 'src/retry/a.ts', '../breaker/b.js'],
    ['a room from the registry', 'src/cache/a.ts', '../registry/b.js'],
    ['the registry from the engine', 'src/registry/a.ts', '../engine/b.js'],
    ['the engine from a policy', 'src/engine/a.ts', '../policies/b.js'],
    ['a policy from another', 'src/policies/a.ts', './b.js'],
    ['a policy from an edge', 'src/policies/a.ts', '../edges/testing/index.js'],
    ['a policy from the public face', 'src/policies/a.ts', '../index.js'],
    ['an edge from the public face', 'src/edges/nest/a.ts', '../../index.js'],
    ['the public face from an edge', 'src/index.ts', './edges/testing/index.js'],
    ['the source from a test', 'src/base/a.ts', '../../test/b.js'],
  ])('refuses %s', (_, path, specifier) => {
    expect(wrongArrows(sourceTree({ [path]: `import { x } from '${specifier}';` }))).toHaveLength(1);
  });

  test.each([
    ['import', "import { x } from '../engine/b.js';"],
    ['import of a type', "import type { X } from '../engine/b.js';"],
    ['re-export', "export { x } from '../engine/b.js';"],
    ['re-export of all', "export * from '../engine/b.js';"],
    ['import for its effect', "import '../engine/b.js';"],
    ['import()', "const x = await import('../engine/b.js');"],
    ["import('') type", "type X = import('../engine/b.js').X;"],
  ])('sees an arrow in an %s', (_, text) => {
    expect(wrongArrows(sourceTree({ 'src/base/a.ts': text }))).toHaveLength(1);
  });

  test.each([
    ['a room from base', 'src/retry/a.ts', '../base/b.js'],
    ['a file from its neighbour', 'src/retry/a.ts', './b.js'],
    ['a policy from a room', 'src/policies/a.ts', '../breaker/b.js'],
    ['a policy from a part of its own', 'src/policies/fallback.ts', './fallback-types.js'],
    ['resilient from a policy', 'src/policies/resilient.ts', './retry.js'],
    ['an edge from the engine', 'src/edges/nest/a.ts', '../../engine/b.js'],
    ['the public face from a mixin', 'src/index.ts', './mixins/b.js'],
  ])('takes %s', (_, path, specifier) => {
    expect(wrongArrows(sourceTree({ [path]: `import { x } from '${specifier}';` }))).toEqual([]);
  });

  test('knows every folder of the house, and no other', () => {
    expect(wrongArrows(sourceTree({ 'src/utils/a.ts': '' }))).toHaveLength(1);
  });

  test('does not take a string or a comment for an import', () => {
    const text = "// import '../engine/b.js'\nconst text = \"import '../engine/b.js'\";";
    expect(wrongArrows(sourceTree({ 'src/base/a.ts': text }))).toEqual([]);
  });

  test.each(['node:fs', 'fs', 'bottleneck'])('keeps %s out of the core, and lets the edges have it', (specifier) => {
    const text = `import x from '${specifier}';`;
    expect(foreignImports(sourceTree({ 'src/cache/a.ts': text }))).toHaveLength(1);
    expect(foreignImports(sourceTree({ 'src/edges/durable/a.ts': text }))).toEqual([]);
  });
});

describe('cycles', () => {
  test('are found with values and with types, as the way round', () => {
    const files = { 'src/a.ts': "import './b.js';", 'src/b.ts': "import type { A } from './a.js';" };
    expect(cycles(sourceTree(files))).toEqual(['src/a.ts → src/b.ts → src/a.ts']);
  });

  test('are found behind a file that was looked at before', () => {
    const files = {
      'src/a.ts': "import './b.js';",
      'src/b.ts': "import './c.js';",
      'src/c.ts': "import './d.js';",
      'src/d.ts': "import './b.js';",
    };
    expect(cycles(sourceTree(files))).toEqual(['src/b.ts → src/c.ts → src/d.ts → src/b.ts']);
  });

  test('are not seen in two ways to one file', () => {
    const files = { 'src/a.ts': "import './b.js'; import './c.js';", 'src/b.ts': "import './c.js';", 'src/c.ts': '' };
    expect(cycles(sourceTree(files))).toEqual([]);
  });
});

describe('time and chance', () => {
  test.each([
    'Date.now();',
    'new Date();',
    'performance.now();',
    'Math.random();',
    'globalThis.setTimeout(f, 1);',
    'setTimeout(f, 1);',
    'const later = setInterval;',
    'const all = { setTimeout };',
  ])('finds a stray %s', (text) => {
    expect(strayTimeAndChance(sourceTree({ 'src/cache/a.ts': text }))).toHaveLength(1);
  });

  test.each([
    'clock.setTimeout(f, 1);',
    'const clock = { setTimeout: f };',
    'interface Clock { setTimeout(f: () => void): void }',
    'class Clock { setTimeout() {} }',
    'new Date(at);',
    '// Date.now()',
  ])('passes %s by', (text) => {
    expect(strayTimeAndChance(sourceTree({ 'src/cache/a.ts': text }))).toEqual([]);
  });

  test.each(['src/base/clock.ts', 'src/base/random.ts', 'src/edges/durable/a.ts'])('are at home in %s', (path) => {
    expect(strayTimeAndChance(sourceTree({ [path]: 'Date.now(); Math.random();' }))).toEqual([]);
  });
});

describe('sizes', () => {
  test.each([
    [300, 0],
    [301, 1],
  ])('a file of %i lines gives %i findings', (lines, findings) => {
    expect(tooLong(sourceTree({ 'src/a.ts': 'x;\n'.repeat(lines) }))).toHaveLength(findings);
  });

  test.each([
    [60, 0],
    [61, 1],
  ])('a function of %i lines gives %i findings', (lines, findings) => {
    const text = `class A {\n  m() {\n${'x;\n'.repeat(lines - 2)}}\n}\n`;
    expect(tooLong(sourceTree({ 'src/a.ts': text }))).toHaveLength(findings);
  });
});

describe('policies', () => {
  const complete = [
    'src/policies/retry.ts',
    'test/policies/retry.test.ts',
    'docs/policies/retry.md',
    'examples/retry.ts',
  ];

  test('are the files of their folder, but for presets and the parts of one', () => {
    const files = ['fallback', 'fallback-types', 'presets', 'circuit-breaker'];
    expect(policyStems(files.map((stem) => `src/policies/${stem}.ts`))).toEqual(['fallback', 'circuit-breaker']);
  });

  test('are complete with test, page and example', () => {
    expect(missingCompanions(complete)).toEqual([]);
  });

  test.each([1, 2, 3])('are missed what they lack: companion %i', (index) => {
    expect(missingCompanions(complete.toSpliced(index, 1))).toEqual([expect.stringContaining(complete[index] ?? '')]);
  });

  test('of an edge are missed what they lack too', () => {
    expect(missingCompanions(['src/edges/throttle/throttle.ts', 'docs/policies/throttle.md'])).toEqual([
      'test/edges/throttle/throttle.test.ts is missing beside src/edges/throttle/throttle.ts',
      'examples/throttle.ts is missing beside src/edges/throttle/throttle.ts',
    ]);
  });
});

describe('error codes', () => {
  const page = '| code | raised by |\n|---|---|\n| `ERR_A` | `a` |\n';

  test('are read from the union that declares them', () => {
    const [file] = sourceTree({
      'src/base/errors.ts': "export type ErrorCode = | 'ERR_A' | 'ERR_B'; type Other = 'ERR_C';",
    });
    expect(file && unionMembers(file, 'ErrorCode')).toEqual(['ERR_A', 'ERR_B']);
  });

  test('are missed where the page lists too few or too many', () => {
    expect(unlistedCodes(['ERR_A'], page)).toEqual([]);
    expect(unlistedCodes(['ERR_A', 'ERR_B'], page)).toEqual(['ERR_B is not listed']);
    expect(unlistedCodes([], page)).toEqual(['ERR_A is listed, yet unknown']);
  });
});

describe('documents', () => {
  const there = new Set(['docs/policies/retry.md', 'docs/policies']);

  test.each([
    ['[retry](policies/retry.md#options)', 0],
    ['[all](policies/)', 0],
    ['[out](https://example.org)', 0],
    ['`[not](a-link.md)`', 0],
    ['[gone](policies/gone.md)', 1],
    ['![gone](gone.svg)', 1],
  ])('%s gives %i broken links', (text, findings) => {
    expect(brokenLinks('docs/README.md', text, there)).toHaveLength(findings);
  });

  test.each([
    ['', 0],
    ['✓', 1],
    ['✓ [test](../test/a.test.ts)', 1],
    ['✓ [test](../test/a.test.ts), [page](policies/a.md), [example](../examples/a.ts)', 0],
  ])('a row that is done by "%s" gives %i findings', (done, findings) => {
    const features = `| A1 | circuit breaker | 000 | ${done} |`;
    expect(featureIds(features)).toEqual(['A1']);
    expect(halfTickedRows(features)).toHaveLength(findings);
  });
});
