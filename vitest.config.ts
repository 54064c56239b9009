import { transform } from 'esbuild';
import { defineConfig, type Plugin } from 'vitest/config';

/** Vite 8 leaves TC39 decorators in the output; esbuild lowers them. */
function lowerDecorators(tsconfigRaw: object): Plugin {
  return {
    name: 'lower-decorators',
    enforce: 'pre',
    async transform(code, id) {
      if (!/\.[cm]?ts$/.test(id) || id.includes('node_modules')) return undefined;
      const result = await transform(code, {
        loader: 'ts',
        target: 'es2022',
        sourcefile: id,
        sourcemap: true,
        keepNames: true,
        tsconfigRaw: JSON.stringify(tsconfigRaw),
      });
      return { code: result.code, map: result.map };
    },
  };
}

const tc39 = lowerDecorators({});
const legacy = lowerDecorators({ compilerOptions: { experimentalDecorators: true } });

export default defineConfig({
  test: {
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/index.ts'],
      thresholds: { lines: 95, branches: 90 },
    },
    projects: [
      {
        plugins: [tc39],
        test: { name: 'tc39', include: ['test/**/*.test.ts'], exclude: ['test/**/*.legacy.test.ts'] },
      },
      { plugins: [legacy], test: { name: 'legacy', include: ['test/**/*.legacy.test.ts'] } },
    ],
  },
});
