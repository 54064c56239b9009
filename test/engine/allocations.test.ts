import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';

const LIMIT_MS = 120_000;

// Room for all that is made while the program counts, so that no collection takes any of it away; and a compiler that
// does not run beside the program, for on a busy machine it would come too late.
const flags = ['--expose-gc', '--single-threaded', '--min-semi-space-size=64', '--max-semi-space-size=64'];

let bytes: Record<string, number>;

/** Runs the program as users do, compiled and bundled: the loader of the tests names each closure, at a cost. */
async function measured(): Promise<Record<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-allocations-'));
  const outfile = join(folder, 'allocations.mjs');
  const entryPoints = ['test/process/programs/allocations.ts'];
  await build({ entryPoints, outfile, bundle: true, format: 'esm', platform: 'node', target: 'es2022' });
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, outfile]);
  await rm(folder, { recursive: true });
  return JSON.parse(stdout) as Record<string, number>;
}

describe('a call that succeeds', () => {
  beforeAll(async () => {
    bytes = await measured();
  }, LIMIT_MS);

  // A tenth above the dearest of several runs on Node 20, 22 and 24. Node 20 compiles `cached` in one of three ways: −33,
  // 26 or 71 bytes.
  test.each([
    ['rateLimit', 8],
    ['chaos', 8],
    ['circuitBreaker', 108],
    ['synchronous circuitBreaker', 8],
    ['bulkhead', 108],
    ['aimd', 108],
    ['shed', 124],
    ['retryWithBackoff', 240],
    ['fallback', 240],
    ['deadLetter', 240],
    ['invalidates', 600],
    ['cached', 80],
    ['timed', 630],
    ['adaptiveLimit', 630],
    ['timeout', 1_165],
    ['deadline', 1_165],
    ['five', 1_295],
    ['coalesce', 3_750],
    ['hedge', 4_200],
    ['batched', 9_300],
  ])('takes with %s no more than %i bytes above the bare one', (policy, most) => {
    expect(bytes[policy]).toBeLessThanOrEqual(most);
  });

  test('is counted with what a bare one takes', () => {
    expect(bytes['bare']).toBeGreaterThan(230);
    expect(bytes['bare']).toBeLessThan(260);
  });
});
