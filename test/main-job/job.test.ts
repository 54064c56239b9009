import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { JobReport } from '../../examples/main-job/report.js';
import { type Ended, freePort, isTaken, JobProcess, untilTaken } from './job-process.js';

const WITHIN_MS = 30_000;

describe('three seconds of the main job with --json', () => {
  let ended: Ended;
  let report: JobReport;
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    ended = await new JobProcess('--seconds', '3', '--seed', '2', '--json', '--port', String(port)).ended;
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
      await job.firstOutput();

      job.child.kill(signal);
      const { code, stdout, stderr } = await job.ended;

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/60 s, seed 1, ended after \d+\.\d s\n/);
      expect(stdout).toMatch(/\ncalls +\d+ +\d+\n/);
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
      expect(await isTaken(port)).toBe(false);
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
    },
    WITHIN_MS,
  );

  test(
    'leaves quietly when nobody reads it any more',
    async () => {
      const port = await freePort();
      job = new JobProcess('--seconds', '60', '--port', String(port));
      await job.firstOutput();

      job.child.stdout?.destroy();

      expect(await job.ended).toMatchObject({ code: 0, stderr: '' });
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
    for (const flag of ['--seconds', '--seed', '--upstream', '--port', '--json', '--help'])
      expect(stdout).toContain(flag);
  },
  WITHIN_MS,
);

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
