import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A folder of its own for a test. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'holdfast-durable-'));
}

/** Makes one file of plain JavaScript of a child, so that 200 of them start in the time of 10. */
export async function bundled(name: string, folder: string): Promise<string> {
  const root = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [root(`test/edges/durable/children/${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    alias: { 'holdfast/durable': root('src/edges/durable/index.ts'), holdfast: root('src/index.ts') },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return outfile;
}

/**
 * Starts a child and kills it, most after so many lines that they have said, some while they start. A moment by the clock
 * alone would come before the first line where the machine is busy. Gives the lines.
 */
export async function killed(program: string, args: readonly string[]): Promise<string[]> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  if (Math.random() < 0.9) await hasSaid(child, () => said, 1 + Math.random() * 60);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
  child.kill('SIGKILL');
  await once(child, 'close');
  // The last line may have been cut off with the child.
  return said.split('\n').slice(0, -1);
}

async function hasSaid(child: ChildProcess, said: () => string, lines: number): Promise<void> {
  while (said().split('\n').length <= lines && child.exitCode === null)
    await once(child.stdout as NodeJS.ReadableStream, 'data');
}

/**
 * What must be found in a file after each kill, by what its writers have said: what they kept and did not say gone must be
 * there, what is settled as gone must not, and of all else nobody can know.
 */
export class Ledger {
  #kept = new Set<string>();
  #gone = new Set<string>();
  #unsure = new Set<string>();
  acknowledged = 0;
  damages = 0;

  /** Takes in what a child has said, up to its death. */
  hear(lines: readonly string[]): void {
    const going = new Set<string>();
    for (const line of lines) {
      const [what, item = ''] = line.split(' ');
      if (what === 'damage') this.damages++;
      if (what === 'try') this.#unsure.add(item);
      if (what === 'kept') {
        this.acknowledged++;
        this.#unsure.delete(item);
        this.#kept.add(item);
      }
      if (what === 'gone') going.add(item);
      if (what === 'settled') {
        for (const one of going) this.#forget(one);
        going.clear();
      }
    }
    // It was done with, and may be found all the same: its removal was not confirmed.
    for (const one of going) {
      this.#kept.delete(one);
      this.#unsure.add(one);
    }
  }

  /** Compares with what a file holds; gives what is wrong. From here on, what was found is what is there. */
  compare(found: readonly string[]): string[] {
    const wrong = [
      ...found.filter((item, index) => found.indexOf(item) !== index).map((item) => `${item} is there twice`),
      ...[...this.#kept].filter((item) => !found.includes(item)).map((item) => `${item} was acknowledged, and is lost`),
      ...found.filter((item) => this.#gone.has(item)).map((item) => `${item} was gone, and is back`),
      ...found
        .filter((item) => !this.#kept.has(item) && !this.#unsure.has(item) && !this.#gone.has(item))
        .map((item) => `${item} was never added`),
    ];
    for (const item of this.#unsure) if (!found.includes(item)) this.#gone.add(item);
    this.#kept = new Set(found);
    this.#unsure.clear();
    return wrong;
  }

  #forget(item: string): void {
    this.#kept.delete(item);
    this.#unsure.delete(item);
    this.#gone.add(item);
  }
}
