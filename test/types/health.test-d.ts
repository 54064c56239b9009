import { Health, health, type HealthReport, type HealthStatus, registry } from '../../src/index.js';

const made: Health = health({
  registry,
  name: 'probes',
  checks: {
    plain: () => true,
    // The signal is there without being said, and what a check gives is its own affair.
    late: async ({ signal }) => ({ rows: signal.aborted ? 0 : 1 }),
    full: { check: ({ signal }) => fetch('http://x', { signal }), timeoutMs: 500, critical: false, cacheMs: 60_000 },
    finding: () => ({ status: 'degraded', reason: 'one replica', details: { lagMs: 5 } }),
  },
  livenessChecks: { worker: () => {} },
  breakers: { 'payments*': 'down', mail: { effect: 'ignored' } },
  pools: { db: { effect: 'down', maxWaiting: 10 } },
  buffers: 'ignored',
  deadLetters: { orders: { maxSize: 100 } },
  whileChecking: 'stale',
  maxEventLoopDelayMs: Infinity,
});

async function probe(): Promise<HealthStatus> {
  const report: HealthReport = await made.ready();
  const { status = 'up' }: { status?: HealthStatus } = report.checks['database'] ?? {};
  // @ts-expect-error a report is read only
  report.status = 'up';
  // @ts-expect-error there may be no such check
  void report.checks['database'].status;
  await using scoped = new Health();
  await scoped.live();
  return status;
}
void probe;
made.drain({ reason: 'deploy', owner: 'ops' });
registry.on('health:changed', ({ probe: asked, from, to, reasons }) => {
  const was: HealthStatus | 'unknown' = from;
  const now: HealthStatus = to;
  const what: 'live' | 'ready' = asked;
  return [was, now, what, reasons.join()];
});

// @ts-expect-error a check is a function
health({ checks: { database: true } });
// @ts-expect-error a check must be given
health({ checks: { database: { timeoutMs: 5 } } });
// @ts-expect-error no such option
health({ checks: {}, cachems: 5 });
// @ts-expect-error a breaker makes it degraded or down, or is ignored
health({ breakers: { payments: 'up' } });
// @ts-expect-error callers wait for pools, not for breakers
health({ breakers: { payments: { maxWaiting: 5 } } });
// @ts-expect-error no such way
health({ whileChecking: 'guess' });
