import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Compiles a file of this folder as its users do, with `emitDecoratorMetadata`, of which esbuild knows nothing; what it
 * exports is read from the result. The result stands as deep below the root as its source, so that its imports are found.
 */
export async function compiled<Module>(name: string): Promise<Module> {
  const source = await readFile(`${root}test/legacy/${name}.ts`, 'utf8');
  const { outputText } = ts.transpileModule(source, {
    fileName: `${name}.ts`,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
    },
  });
  const folder = `${root}.tmp/legacy`;
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/${name}.ts`, outputText);
  return (await import(/* @vite-ignore */ `${folder}/${name}.ts`)) as Module;
}
