import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { JobReport } from '../../examples/main-job/report.js';
import { FileDeadLetterStore } from '../../src/edges/durable/index.js';
import { type Ended, freePort, isTaken, JobProcess, untilTaken } from './job-process.js';

const WITHIN_MS = 30_000;

// Each job makes its folder in here: what is left of them can be seen.
const home = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
const own = join(home, 'own');
const usualHome = process.env['TMPDIR'];
const foldersLeft = () => readdirSync(home).filter((name) => name.startsWith('holdfast-main-job-'));
beforeAll(() => void (process.env['TMPDIR'] = home));
afterAll(() => {
  if (usualHome === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = usualHome;
  rmSync(home, { recursive: true });
});

describe('three seconds of the main job with --json', () => {
  let ended: Ended;
  let report: JobReport;
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    const flags = `--seconds 3 --seed 2 --json --port ${port} --folder ${own}`;
    ended = await new JobProcess(...flags.split(' ')).ended;
    report = JSON.parse(ended.stdout) as JobReport;
  }, WITHIN_MS);

  test('end well, with one object and nothing else', () => {
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^\{.*\}\n$/);
  });

  test('tell of both sides in the agreed shape', () => {
    const side = 'calls succeeded successRatio p50Ms p95Ms p99Ms upstreamRequests upstreamRequestsWhileDown'.split(' ');
    const protection = 'fromCache fromFallback retries rejected deadLettered redriven'.split(' ');

    expect(Object.keys(report)).toEqual(['seed', 'seconds', 'bare', 'protected']);
    expect(report).toMatchObject({ seed: 2, seconds: 3 });
    expect(Object.keys(report.bare)).toEqual(side);
    expect(Object.keys(report.protected)).toEqual([...side, ...protection]);
    for (const value of [...Object.values(report.bare), ...Object.values(report.protected)]) {
      expect(value).toBeGreaterThanOrEqual(0);
    }
  });

  test('make the same calls on both sides', () => {
    expect(report.bare.calls).toBeGreaterThan(150);
    expect(report.protected.calls).toBe(report.bare.calls);
    // A request on a connection that is cut at that very moment never arrives.
    expect(report.bare.upstreamRequests).toBeLessThanOrEqual(report.bare.calls);
    expect(report.bare.upstreamRequests).toBeGreaterThan(report.bare.calls * 0.9);
  });

  test('see more calls succeed under protection, and the upstream spared while it is down', () => {
    expect(report.protected.successRatio).toBeGreaterThan(report.bare.successRatio);
    expect(report.protected.upstreamRequestsWhileDown).toBeLessThan(report.bare.upstreamRequestsWhileDown);
    expect(report.bare.upstreamRequestsWhileDown).toBeGreaterThan(0);
    expect(report.protected.rejected).toBeGreaterThan(0);
  });

  test('count every call once: success, fallback, stale or failed', () => {
    const { calls, succeeded, successRatio, fromFallback, fromCache } = report.protected;

    expect(succeeded + fromFallback).toBeLessThanOrEqual(calls);
    expect(successRatio).toBeCloseTo(succeeded / calls, 3);
    expect(fromCache).toBeGreaterThan(0);
  });

  test('replay every failed order when the upstream is back', () => {
    expect(report.protected.deadLettered).toBeGreaterThan(0);
    expect(report.protected.redriven).toBe(report.protected.deadLettered);
  });

  test('leave a record of each call of both in the folder they were given', async () => {
    const files = readdirSync(join(own, 'metrics')).filter((name) => name.endsWith('.json'));
    const batches = await Promise.all(files.map((file) => readFile(join(own, 'metrics', file), 'utf8')));
    const records = batches.flatMap((batch) => JSON.parse(batch).records);

    const side = (name: string) => records.filter((record) => record.operation_type === name);
    expect(side('bare')).toHaveLength(report.bare.calls);
    expect(side('protected')).toHaveLength(report.protected.calls);
    expect(side('bare').filter(({ success }) => success)).toHaveLength(report.bare.succeeded);
    expect(side('bare').find(({ success }) => !success).error_message).toMatch(/\w/);
  });

  test('leave no dead letter there that was replayed', async () => {
    const log = join(own, 'dead-letters.log');

    expect((await readFile(log, 'utf8')).match(/\["put",/g)).toHaveLength(report.protected.deadLettered);
    expect(await new FileDeadLetterStore({ path: log }).load()).toEqual([]);
  });

  test('leave nothing running', async () => {
    expect(await isTaken(port)).toBe(false);
  });
});

describe('the main job that is ended early', () => {
  let job: JobProcess | undefined;
  afterEach(() => job?.child.kill('SIGKILL'));

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s leaves with the table so far, and nothing running',
    async (signal) => {
      const port = await freePort();
      job = new JobProcess('--seconds', '60', '--port', String(port));
      await job.printed('  upstream ');

      job.child.kill(signal);
      const { code, stdout, stderr } = await job.ended;

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/60 s, seed 1, ended after \d+\.\d s\n/);
      expect(stdout).toMatch(/\ncalls +\d+ +\d+\n/);
      const [, folder = '', records] =
        /on the disk, in (.*) \(it is removed now\):\n.* (\d+) of \2 /.exec(stdout) ?? [];
      expect(stdout).toContain(`dead letters and metrics are written to ${folder} (removed at the end)\n`);
      expect(Number(records)).toBeGreaterThan(0);
      expect(foldersLeft()).toEqual([]);
      expect(await isTaken(port)).toBe(false);
    },
    WITHIN_MS,
  );

  test(
    'takes a Ctrl-C that comes twice at once, as npm sends it, for one',
    async () => {
      const port = await freePort();
      job = new JobProcess('--seconds', '60', '--json', '--port', String(port));
      await untilTaken(port, true);

      job.child.kill('SIGINT');
      job.child.kill('SIGINT');
      const { code, stdout } = await job.ended;

      expect(code).toBe(0);
      const report = JSON.parse(stdout);
      expect(report).toMatchObject({ seconds: expect.any(Number), bare: { calls: expect.any(Number) } });
      expect(report.seconds).toBeLessThan(60);
      expect(foldersLeft()).toEqual([]);
      expect(await isTaken(port)).toBe(false);
    },
    WITHIN_MS,
  );

  test(
    'by a second Ctrl-C, while the first is waited for, removes its folder too',
    async () => {
      job = new JobProcess('--seconds', '60');
      await job.printed('  upstream ');
      expect(foldersLeft()).toHaveLength(1);

      // It cannot end by the first: its upstream, which it asks, is held up.
      const upstream = Number(await childOf(job.child.pid ?? 0));
      process.kill(upstream, 'SIGSTOP');
      job.child.kill('SIGINT');
      await new Promise((resolve) => setTimeout(resolve, 700));
      job.child.kill('SIGINT');

      expect(await new Promise((resolve) => job?.child.once('exit', resolve))).toBe(130);
      process.kill(upstream, 'SIGKILL');
      expect(foldersLeft()).toEqual([]);
    },
    WITHIN_MS,
  );

  test(
    'takes its upstream along even when it is killed',
    async () => {
      const port = await freePort();
      job = new JobProcess('--seconds', '60', '--port', String(port));
      await untilTaken(port, true);

      job.child.kill('SIGKILL');
      await job.ended;

      await untilTaken(port, false);
      // Nobody was left to remove it.
      for (const folder of foldersLeft()) rmSync(join(home, folder), { recursive: true });
    },
    WITHIN_MS,
  );

  test(
    'leaves quietly when nobody reads it any more',
    async () => {
      const port = await freePort();
      job = new JobProcess('--seconds', '60', '--port', String(port));
      await job.printed('  upstream ');

      job.child.stdout?.destroy();

      expect(await job.ended).toMatchObject({ code: 0, stderr: '' });
      expect(foldersLeft()).toEqual([]);
      await untilTaken(port, false);
    },
    WITHIN_MS,
  );
});

describe('a mistake', () => {
  test(
    'in a flag is told in one line',
    async () => {
      expect(await new JobProcess('--seconds', 'long').ended).toEqual({
        code: 1,
        stdout: '',
        stderr: 'main-job: --seconds takes a number from 1 to 86400, got "long"\n',
      });
    },
    WITHIN_MS,
  );

  test(
    'in the port, which is taken, is told in one line',
    async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;

      const ended = await new JobProcess('--port', String(port)).ended;
      server.close();

      const stderr = `main-job: port ${port} is taken; give another with --port, or none for any that is free\n`;
      expect(ended).toEqual({ code: 1, stdout: '', stderr });
      expect(foldersLeft()).toEqual([]);
    },
    WITHIN_MS,
  );

  test(
    'in the folder, which has files, is told in one line, and they stay',
    async () => {
      const folder = mkdtempSync(join(home, 'mine-'));
      writeFileSync(join(folder, 'letter.txt'), 'mine');

      const stderr = `main-job: --folder takes a folder that is new or empty, and ${folder} has files\n`;
      expect(await new JobProcess('--folder', folder).ended).toEqual({ code: 1, stdout: '', stderr });
      expect(readdirSync(folder)).toEqual(['letter.txt']);

      const file = join(folder, 'letter.txt');
      expect((await new JobProcess('--folder', file).ended).stderr).toBe(
        `main-job: --folder ${file} cannot be used (EEXIST)\n`,
      );
    },
    WITHIN_MS,
  );

  test(
    'in the URL, where nobody answers, is told in one line',
    async () => {
      const url = `http://127.0.0.1:${await freePort()}/`;

      const stderr = `main-job: ${url} cannot be reached (ECONNREFUSED)\n`;
      expect(await new JobProcess('--upstream', url).ended).toEqual({ code: 1, stdout: '', stderr });
    },
    WITHIN_MS,
  );
});

test(
  '--help tells every flag',
  async () => {
    const { code, stdout } = await new JobProcess('--help').ended;

    expect(code).toBe(0);
    for (const flag of ['--seconds', '--seed', '--upstream', '--port', '--folder', '--json', '--help'])
      expect(stdout).toContain(flag);
  },
  WITHIN_MS,
);

/** The process that another has started. */
async function childOf(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim();
}

describe('with a service of the user’s own', () => {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    response.end('not even JSON');
  });
  let report: JobReport;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/of/{symbol}?x=1`;
    const { stdout } = await new JobProcess('--upstream', url, '--seconds', '1.5', '--json').ended;
    server.close();
    report = JSON.parse(stdout) as JobReport;
  }, WITHIN_MS);

  test('that service is called, and nothing is written to it', () => {
    expect(report.bare).toMatchObject({ successRatio: 1, upstreamRequestsWhileDown: 0 });
    expect(seen.every(({ method }) => method === 'GET')).toBe(true);
    expect(seen.some(({ url }) => url === '/of/MSFT?x=1')).toBe(true);
  });

  test('what was sent is what it saw, but for the first request that asks whether it is there', () => {
    const sent = report.bare.upstreamRequests + report.protected.upstreamRequests;

    expect(seen.length).toBe(sent + 1);
    expect(report.protected.upstreamRequests).toBeLessThan(report.bare.upstreamRequests);
  });
});
