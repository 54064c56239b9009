/**
 * Measures `MetricsManager`: what recording costs while files are written, how many records a second it can keep up with,
 * and what a record that waits weighs. Prints its figures and judges them; files go to a temporary folder, and to the disk.
 * After `npm run build`: `node --expose-gc bench/metrics-manager.mjs`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MetricsManager } from '../dist/node/edges/durable/index.js';

const parent = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
const operation = {
  operationType: 'api_request',
  operationName: 'GET /api/users',
  durationMs: 42.5,
  metadata: { status_code: 200, region: 'us-east', rows: 42 },
};
let isShort = false;

try {
  await steady(10_000, 10);
  await sustained(1_000_000, {});
  await sustained(1_000_000, { maxBatchSize: 20_000, maxQueueSize: 200_000 });
  await burst(1_000_000);
  await memory(100_000);
} finally {
  rmSync(parent, { recursive: true, force: true });
}
process.exitCode = isShort ? 1 : 0;

/** Records at a fixed rate while the flush runs, and times each call and its promise. */
async function steady(ratePerSecond, seconds) {
  const manager = await started('steady', { flushIntervalMs: 1_000 });
  const called = new Float64Array(ratePerSecond * seconds);
  const awaited = new Float64Array(called.length);
  const begunAt = performance.now();
  for (let index = 0; index < called.length; ) {
    const due = Math.min(called.length, Math.floor(((performance.now() - begunAt) * ratePerSecond) / 1_000));
    for (; index < due; index++) {
      const from = performance.now();
      const recorded = manager.recordOperation(operation);
      called[index] = performance.now() - from;
      await recorded;
      awaited[index] = performance.now() - from;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  const lasted = (performance.now() - begunAt) / 1_000;
  const written = manager.stats().totalPersisted;
  await manager.stop();
  const { totalPersisted, batchesWritten } = manager.stats();
  title(`steady: ${grouped(called.length)} records at ${grouped(ratePerSecond)}/s`);
  row('rate', `${grouped(called.length / lasted)} records/s, ${grouped(written)} of them on the disk by then`);
  row('files', `${batchesWritten}, ${Math.round(totalPersisted / batchesWritten)} records each on average`);
  row('call', percentiles(called));
  row('call and await', percentiles(awaited));
  judge('every record is on the disk', totalPersisted === called.length);
  judge('p99.99 of the call < 1 ms', at(called, 0.9999) < 1);
  judge('p99.99 of the call and await < 1 ms', at(awaited, 0.9999) < 1);
}

/** Records as fast as the disk allows, each awaited. */
async function sustained(count, options) {
  const manager = await started('sustained', { onFull: 'wait', ...options });
  const begunAt = performance.now();
  for (let index = 0; index < count; index++) await manager.recordOperation(operation);
  await manager.stop({ timeoutMs: 120_000 });
  const rate = count / ((performance.now() - begunAt) / 1_000);
  const { maxBatchSize } = manager.options;
  title(
    `sustained: ${grouped(count)} records, awaited, until the last is on the disk; ${grouped(maxBatchSize)} in a file`,
  );
  row('rate', `${grouped(rate)} records/s in ${grouped(manager.stats().batchesWritten)} files`);
  judge('≥ 10 000 records/s', rate >= 10_000);
  judge('every record is on the disk', manager.stats().totalPersisted === count);
}

/** What recording alone costs, nothing being written meanwhile: the event loop has no turn. */
async function burst(count) {
  const manager = await started('burst', { maxQueueSize: count, maxBatchSize: 10_000 });
  const begunAt = performance.now();
  for (let index = 0; index < count; index++) void manager.recordOperation(operation);
  const ms = performance.now() - begunAt;
  title(`burst: ${grouped(count)} records in one turn of the event loop`);
  row('rate', `${grouped((count / ms) * 1_000)} records/s, ${Math.round((ms / count) * 1e6)} ns each`);
  await manager.erase({ from: new Date(0) });
  await manager.stop();
}

/** What a record that waits weighs. */
async function memory(count) {
  if (globalThis.gc === undefined) return row('memory', 'run with --expose-gc to see it');
  const manager = await started('memory', { maxQueueSize: count, maxBatchSize: count, flushIntervalMs: 3_600_000 });
  const used = () => {
    globalThis.gc();
    return process.memoryUsage().heapUsed;
  };
  const before = used();
  for (let index = 0; index < count - 1; index++) void manager.recordOperation(operation);
  const waiting = used();
  await manager.flush();
  const after = used();
  await manager.stop();
  const each = (waiting - before) / count;
  title(`memory: ${grouped(count)} records that wait`);
  row('each', `${Math.round(each)} bytes, so ${((each * 10_000) / 1e6).toFixed(1)} MB in a full queue of 10 000`);
  row('left', `${((after - before) / 1e6).toFixed(2)} MB once they are written`);
  judge('≤ 1 kB each', each <= 1_024);
}

async function started(name, options) {
  const manager = new MetricsManager({ storagePath: join(parent, name), ...options });
  await manager.start();
  return manager;
}

function percentiles(times) {
  const shown = [0.5, 0.99, 0.999, 0.9999, 1].map((share) => {
    return `${share === 1 ? 'max' : `p${share * 100}`} ${(at(times, share) * 1_000).toFixed(1)} µs`;
  });
  return shown.join(', ');
}

function at(times, share) {
  const sorted = times.slice().sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function title(text) {
  process.stdout.write(`\n${text}\n`);
}

function row(what, text) {
  process.stdout.write(`  ${what.padEnd(16)} ${text}\n`);
}

function judge(what, isMet) {
  isShort ||= !isMet;
  process.stdout.write(`  ${isMet ? '✓' : '✗'} ${what}\n`);
}

function grouped(value) {
  return String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, ' ');
}
