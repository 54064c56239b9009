import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The path of an example, by its stem. */
export function exampleFile(stem: string): string {
  return `examples/${stem}.ts`;
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
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--import', 'tsx', exampleFile(stem)], { timeout: 30_000 }, (error, stdout, stderr) => {
      if (error !== null || stderr !== '')
        reject(new Error(`${exampleFile(stem)} failed: ${stderr}`, { cause: error }));
      else resolve(stdout.trimEnd().split('\n'));
    });
  });
}
