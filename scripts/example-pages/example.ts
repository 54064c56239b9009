import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** The stems of all examples. */
export function exampleStems(): string[] {
  return readdirSync('examples').flatMap((file) => /^([^.]+)(?:\.legacy)?\.ts$/.exec(file)?.[1] ?? []);
}

/** The path of an example, by its stem. */
export function exampleFile(stem: string): string {
  return existsSync(legacyFile(stem)) ? legacyFile(stem) : `examples/${stem}.ts`;
}

/** The path of an example with legacy decorators. */
function legacyFile(stem: string): string {
  return `examples/${stem}.legacy.ts`;
}

/** What an example says that it prints: its comments `// → …`, in order. */
export function claimsOf(code: string): string[] {
  return [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line = '']) => line);
}

/** An example as it stands in a page: the file itself. */
export function exampleBlock(stem: string): string {
  return `\`\`\`ts\n${readFileSync(exampleFile(stem), 'utf8')}\`\`\`\n`;
}

/** Runs an example in a process of its own, as a reader would; gives the lines that it prints. */
export function runExample(stem: string): Promise<string[]> {
  const file = exampleFile(stem);
  const config = file === legacyFile(stem) ? { TSX_TSCONFIG_PATH: 'tsconfig.legacy.json' } : {};
  const options = { timeout: 30_000, env: { ...process.env, ...config } };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--import', 'tsx', file], options, (error, stdout, stderr) => {
      if (error !== null || stderr !== '') reject(new Error(`${file} failed: ${stderr}`, { cause: error }));
      else resolve(stdout.trimEnd().split('\n'));
    });
  });
}
