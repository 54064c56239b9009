import { expect, test } from 'vitest';
import { closingReport, jsonReport } from '../../examples/main-job/report.js';
import { momentOf } from './moments.js';

const moment = momentOf({ elapsedMs: 30_020 });
const outcome = {
  moment,
  orders: 10,
  redriven: { kept: 3, cameThrough: 2, left: 1 },
  afterwards: { ...moment.upstream, protected: { requests: 74, whileDown: 4, orders: 10 } },
  folder: { path: '/data/job', fate: 'kept' },
  onDisk: { recorded: 200, records: 199, files: 3, deadLetters: 3, deadLettersLeft: 1 },
} as const;

test('--json counts fallbacks and stale answers apart from successes', () => {
  expect(jsonReport(outcome)).toEqual({
    seed: 3,
    seconds: 30,
    bare: {
      calls: 100,
      succeeded: 80,
      successRatio: 0.8,
      p50Ms: 12.3,
      p95Ms: 150,
      p99Ms: 1_230,
      upstreamRequests: 100,
      upstreamRequestsWhileDown: 15,
    },
    protected: {
      calls: 100,
      succeeded: 90,
      successRatio: 0.9,
      p50Ms: 12.3,
      p95Ms: 150,
      p99Ms: 1_230,
      upstreamRequests: 70,
      upstreamRequestsWhileDown: 4,
      fromCache: 44,
      fromFallback: 3,
      retries: 11,
      rejected: 7,
      deadLettered: 3,
      redriven: 2,
    },
  });
});

test('--json of a job that was ended has the seconds it ran', () => {
  expect(jsonReport({ ...outcome, moment: momentOf() })).toMatchObject({ seed: 3, seconds: 12.4 });
});

test('the table sets bare against protected, and says what became of the kept calls', () => {
  const lines = closingReport(outcome);

  expect(lines[0]).toBe('the same calls, bare and protected: 30 s, seed 3');
  expect(lines.find((line) => line.startsWith('succeeded'))).toMatch(/80 \(80\.0 %\)\s+90 \(90\.0 %\)$/);
  expect(lines.find((line) => line.startsWith('requests to it while it was down'))).toMatch(/ 15\s+4$/);
  expect(lines).toContain('replayed now that the upstream is back: 2 of 3 kept calls came through');
  expect(lines).toContain('orders that reached the upstream in the end: bare 8 of 10, protected 10 of 10');
});

test('what was found on the disk stands below the table', () => {
  expect(closingReport(outcome).slice(-3)).toEqual([
    'on the disk, in /data/job (it stays):',
    'calls recorded, of both   199 of 200        3 files',
    'dead letters                       3   1 at the end',
  ]);
  const removed = { path: '/tmp/job', fate: 'removed' } as const;
  expect(closingReport({ ...outcome, folder: removed }).at(-3)).toBe('on the disk, in /tmp/job (it is removed now):');
});

test('a job that was ended says when, and that nothing was replayed', () => {
  const lines = closingReport({ ...outcome, moment: momentOf(), redriven: undefined });

  expect(lines[0]).toBe('the same calls, bare and protected: 30 s, seed 3, ended after 12.4 s');
  expect(lines).toContain('kept calls not replayed: 3');
});

test('a job that was ended before its first call has a table of nothing', () => {
  const results = { fresh: 0, cached: 0, stale: 0, fallback: 0, failed: 0 };
  const nothing = { calls: 0, succeeded: 0, successRatio: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0, results };

  expect(closingReport({ ...outcome, moment: momentOf({ bare: nothing, protected: nothing }) }).join()).not.toContain(
    'NaN',
  );
});
