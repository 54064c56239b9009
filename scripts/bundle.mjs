/**
 * Puts what Node loads into few files: `dist/node`, beside the modules that bundlers take apart. An import of hundreds of
 * small files takes three times as long. After `tsc`; its entries are those of `exports` and `bin` in package.json.
 */
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';

const { exports, bin, dependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const bundled = [...Object.values(exports).map((conditions) => conditions.default), ...Object.values(bin)];

await build({
  entryPoints: bundled.map((path) => path.replace('dist/node/', 'dist/')),
  outdir: 'dist/node',
  outbase: 'dist',
  bundle: true,
  // One copy of what several entries share.
  splitting: true,
  chunkNames: 'shared/[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: Object.keys({ ...dependencies, ...peerDependencies }),
  sourcemap: true,
  logLevel: 'warning',
});
