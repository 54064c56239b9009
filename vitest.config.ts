import { transform } from 'esbuild';
import ts from 'typescript';
import { defineConfig, type Plugin } from 'vitest/config';
import { ClosingLine } from './scripts/closing-line.js';

const IS_TYPESCRIPT = /\.[cm]?ts$/;

/** Vite 8 leaves TC39 decorators in the output; esbuild lowers them. */
const tc39: Plugin = {
  name: 'tc39-decorators',
  enforce: 'pre',
  async transform(code, id) {
    if (!IS_TYPESCRIPT.test(id) || id.includes('node_modules')) return undefined;
    const result = await transform(code, {
      loader: 'ts',
      target: 'es2022',
      sourcefile: id,
      sourcemap: true,
      keepNames: true,
      tsconfigRaw: '{}',
    });
    return { code: result.code, map: result.map };
  },
};

/** esbuild writes no decorator metadata, which NestJS reads: the compiler itself makes these. */
const legacy: Plugin = {
  name: 'legacy-decorators',
  enforce: 'pre',
  transform(code, id) {
    if (!IS_TYPESCRIPT.test(id) || id.includes('node_modules')) return undefined;
    const { outputText, sourceMapText } = ts.transpileModule(code, {
      fileName: id,
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
        experimentalDecorators: true,
        emitDecoratorMetadata: true,
        sourceMap: true,
      },
    });
    return { code: outputText, map: sourceMapText ?? null };
  },
};

/** Tests and examples import the package by its name, and get its sources. */
const resolve = {
  alias: [
    { find: /^holdfast$/, replacement: `${import.meta.dirname}/src/index.ts` },
    { find: /^holdfast\/(.*)$/, replacement: `${import.meta.dirname}/src/edges/$1/index.ts` },
  ],
};

export default defineConfig({
  test: {
    reporters: ['default', new ClosingLine()],
    coverage: {
      provider: 'v8',
      reporter: ['text', 'json-summary'],
      include: ['src/**/*.ts'],
      exclude: ['src/**/index.ts'],
      thresholds: { lines: 95, branches: 90 },
    },
    projects: [
      {
        plugins: [tc39],
        resolve,
        test: { name: 'tc39', include: ['test/**/*.test.ts'], exclude: ['test/**/*.legacy.test.ts'] },
      },
      { plugins: [legacy], resolve, test: { name: 'legacy', include: ['test/**/*.legacy.test.ts'] } },
    ],
  },
});
