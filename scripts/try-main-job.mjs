/** Runs the main job for a few seconds, as `npm start` does, and checks the object that `--json` promises. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

const args = ['run', '-s', 'start', '--', '--json', '--seconds', '8', '--seed', '7'];
const printed = execFileSync('npm', args, { encoding: 'utf8', timeout: 90_000, stdio: ['ignore', 'pipe', 'inherit'] });
const report = JSON.parse(printed);

const measured = [
  'calls',
  'succeeded',
  'successRatio',
  'p50Ms',
  'p95Ms',
  'p99Ms',
  'upstreamRequests',
  'upstreamRequestsWhileDown',
];
const kept = ['fromCache', 'fromFallback', 'retries', 'rejected', 'deadLettered', 'redriven'];

assert.equal(report.seed, 7);
for (const key of measured) assert.equal(typeof report.bare[key], 'number', `bare.${key}`);
for (const key of [...measured, ...kept]) assert.equal(typeof report.protected[key], 'number', `protected.${key}`);
assert.ok(report.bare.calls > 0, 'calls were made');
assert.ok(
  report.protected.successRatio > report.bare.successRatio,
  'protected calls succeed more often than bare ones',
);
process.stdout.write(`${printed.trim()}\n`);
