import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a process of its own. */
function holdfast(...args: readonly string[]): Promise<Ending> {
  const bin = ['--import', 'tsx', 'src/edges/doctor/bin.ts'];
  const child = spawn(process.execPath, [...bin, ...args], { cwd: root, timeout: 60_000 });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output.stderr += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output }));
  });
}

const module = (name: string) => `test/edges/doctor/modules/${name}.ts`;

describe('holdfast doctor', { timeout: 60_000 }, () => {
  test('reports what it has to say of a module, and ends with 1 where it warns', async () => {
    const { code, stdout, stderr } = await holdfast('doctor', module('quotes'));

    expect(stdout).toBe(`Quotes.all
  note  hang-is-not-retried
    an attempt that hangs is never given up, so the retry never gets its turn
    → put a \`timeout\` inside of the retry, unless the function has one of its own

Quotes.price
  warning  guard-outside-cache
    the breaker stands outside of the cache: each hit counts as a success between the failures, and hits are rejected while the circuit is open
    → put the cache outside, so that a hit asks nobody

1 warning and 1 note on 3 functions and methods
`);
    expect([code, stderr]).toEqual([1, 'quotes are here\n']);
  });

  test('gives the same as JSON, whatever the modules print', async () => {
    const { code, stdout } = await holdfast('doctor', '--json', module('quotes'), module('sound'));

    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      sites: ['Quotes.all', 'Quotes.price', 'Rates.rate', 'rate'],
      warnings: 1,
      notes: 1,
      advice: [
        { rule: 'hang-is-not-retried', site: 'Quotes.all', severity: 'note', maxAttempts: 3 },
        { rule: 'guard-outside-cache', site: 'Quotes.price', severity: 'warning' },
      ],
    });
    expect(code).toBe(1);
  });

  test('ends with 0 without warnings', async () => {
    const stdout = 'nothing to say of 1 function or method\n';

    expect(await holdfast('doctor', module('sound'))).toEqual({ code: 0, stdout, stderr: '' });
  });

  test('ends with 2 and a line that says why, where it cannot tell', async () => {
    const { code, stdout, stderr } = await holdfast('doctor', module('broken'));

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^holdfast: cannot load [^\n]*broken\.ts: no database\n$/);
  });
});
