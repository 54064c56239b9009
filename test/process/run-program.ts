import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a program ended. */
export interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** How long it ran once it had begun, in ms, by its own account; loading the sources takes its time. */
  readonly ranMs: number;
}

/** Runs one of the programs to its own end: nobody stops it but the time limit of the test. */
export function runProgram(
  name: string,
  flags: readonly string[] = [],
  variables: Readonly<Record<string, string>> = {},
): Promise<Ending> {
  const path = fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url));
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const env = { ...process.env, ...variables };
  const child = spawn(process.execPath, [...flags, '--import', 'tsx', path], { cwd: root, timeout: 60_000, env });
  const output = { stdout: '', stderr: '' };
  let beganAt = Number.NaN;
  child.stdout.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString();
    if (Number.isNaN(beganAt) && output.stdout.includes('begun')) beganAt = performance.now();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output.stderr += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output, ranMs: performance.now() - beganAt }));
  });
}
