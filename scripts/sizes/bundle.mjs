import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Bytes of a module after bundling (Node's own modules left out), minifying and gzip. */
export async function gzippedBytes(contents, resolveDir) {
  const { outputFiles } = await bundled(contents, resolveDir);
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

/**
 * How many modules an import loads, and their bytes: what decides how long it takes, without a clock.
 * @param external Packages that the user brings.
 */
export async function loadedBy(entry, resolveDir, external = []) {
  const { metafile } = await bundled(`export * from '${entry}';`, resolveDir, external);
  const files = Object.entries(metafile.inputs).filter(([path]) => path !== '<stdin>');
  return { modules: files.length, bytes: files.reduce((sum, [, { bytes }]) => sum + bytes, 0) };
}

function bundled(contents, resolveDir, external = []) {
  return build({
    stdin: { contents, resolveDir },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    external,
    // What ships to browsers must not need Node; peers and edges may.
    platform: resolveDir === '.' && external.length === 0 ? 'neutral' : 'node',
    // The package as it ships, not the sources that tsconfig.json maps its name to.
    tsconfigRaw: '{}',
    mainFields: ['module', 'main'],
    target: 'es2022',
    logLevel: 'error',
  });
}
