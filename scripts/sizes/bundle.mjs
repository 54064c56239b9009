import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Bytes of a module after bundling (Node's own modules left out), minifying and gzip. */
export async function gzippedBytes(contents, resolveDir) {
  const { outputFiles } = await bundled(contents, resolveDir, { conditions: ['module'] });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

/**
 * How many files an import loads in Node, and their bytes: what decides how long it takes, without a clock.
 * @param external Packages that the user brings.
 */
export async function loadedBy(entry, resolveDir, external = []) {
  const conditions = ['node', 'import'];
  const { metafile } = await bundled(`export * from '${entry}';`, resolveDir, { conditions, external });
  const files = Object.entries(metafile.inputs).filter(([path]) => path !== '<stdin>');
  return { modules: files.length, bytes: files.reduce((sum, [, { bytes }]) => sum + bytes, 0) };
}

function bundled(contents, resolveDir, { conditions, external = [] }) {
  return build({
    stdin: { contents, resolveDir },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    external,
    conditions,
    // What ships to browsers must not need Node; peers and edges may.
    platform: resolveDir === '.' && external.length === 0 ? 'neutral' : 'node',
    // The package as it ships, not the sources that tsconfig.json maps its name to.
    tsconfigRaw: '{}',
    mainFields: ['module', 'main'],
    target: 'es2022',
    logLevel: 'error',
  });
}
