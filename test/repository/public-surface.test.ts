import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { entryPoints, publicSurface, SURFACE_FILE } from '../../scripts/public-surface/surface.js';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

test('the public surface is the checked-in list (`npm run surface` writes it anew)', { timeout: 60_000 }, () => {
  expect(publicSurface()).toBe(readFileSync(SURFACE_FILE, 'utf8'));
});

test('each edge is a subpath of the package, and each subpath an edge', () => {
  const edges = readdirSync('src/edges').filter((edge) => existsSync(`src/edges/${edge}/index.ts`));

  const sources = entryPoints(manifest).map(({ source }) => source);
  expect(sources.sort()).toEqual(['src/index.ts', ...edges.map((edge) => `src/edges/${edge}/index.ts`)].sort());
});

test('the types of a subpath stand beside its code, and what Node loads stands apart', () => {
  const conditions = Object.values<{ types: string; module: string; default: string }>(manifest.exports);
  for (const { types, module: code, default: bundled } of conditions) {
    expect(types).toBe(code.replace(/\.js$/, '.d.ts'));
    expect(bundled).toBe(code.replace('./dist/', './dist/node/'));
  }
});
