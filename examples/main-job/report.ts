import { ms, percent, rounded, seconds as inSeconds } from './figures.js';
import type { OnDisk } from './files.js';
import type { Outcome } from './job.js';
import type { JobFolder } from './job-folder.js';
import type { Moment } from './moment.js';
import { type Cells, table } from './table.js';
import type { Measured } from './tally.js';
import type { Borne } from './upstream-report.js';

/** What `--json` prints of a side. */
export interface SideReport {
  readonly calls: number;
  readonly succeeded: number;
  readonly successRatio: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly upstreamRequests: number;
  readonly upstreamRequestsWhileDown: number;
}

/** What `--json` prints. */
export interface JobReport {
  readonly seed: number;
  /** How long calls were made: as asked, or until somebody ended it. */
  readonly seconds: number;
  readonly bare: SideReport;
  readonly protected: SideReport & {
    readonly fromCache: number;
    readonly fromFallback: number;
    readonly retries: number;
    readonly rejected: number;
    readonly deadLettered: number;
    readonly redriven: number;
  };
}

/** The one object of `--json`. */
export function jsonReport({ moment, redriven }: Pick<Outcome, 'moment' | 'redriven'>): JobReport {
  const { seed, bare, protected: guarded, protection, upstream } = moment;
  const { cached, stale, fallback } = guarded.results;
  const { retries, rejected, deadLettered } = protection;
  return {
    seed,
    seconds: secondsOf(moment),
    bare: sideReport(bare, upstream.bare),
    protected: {
      ...sideReport(guarded, upstream.protected),
      fromCache: cached + stale,
      fromFallback: fallback,
      retries,
      rejected,
      deadLettered,
      redriven: redriven?.cameThrough ?? 0,
    },
  };
}

function secondsOf({ seconds, elapsedMs }: Moment): number {
  return elapsedMs < seconds * 1_000 ? Number((elapsedMs / 1_000).toFixed(1)) : seconds;
}

/** Bare against protected, and what became of the calls that were kept, in lines. */
export function closingReport({ moment, orders, redriven, afterwards, onDisk, folder }: Outcome): string[] {
  const { seed, seconds, elapsedMs, protection } = moment;
  const ended = elapsedMs < seconds * 1_000 ? `, ended after ${inSeconds(elapsedMs)}` : '';
  const replayed = redriven
    ? `replayed now that the upstream is back: ${redriven.cameThrough} of ${redriven.kept} kept calls came through`
    : `kept calls not replayed: ${protection.deadLettered}`;
  const arrived = `orders that reached the upstream in the end: bare ${afterwards.bare.orders} of ${orders}, protected ${afterwards.protected.orders} of ${orders}`;
  return [
    `the same calls, bare and protected: ${seconds} s, seed ${seed}${ended}`,
    '',
    ...tableReport(moment),
    '',
    ...(redriven || protection.deadLettered > 0 ? [replayed] : []),
    ...(orders > 0 ? [arrived] : []),
    '',
    ...diskReport(onDisk, folder),
  ];
}

/** What was found in the files. */
function diskReport({ recorded, records, files, deadLetters, deadLettersLeft }: OnDisk, folder: JobFolder): string[] {
  const rows: Cells[] = [
    ['calls recorded, of both', `${records} of ${recorded}`, files === 1 ? '1 file' : `${files} files`],
    ['dead letters', deadLetters, `${deadLettersLeft} at the end`],
  ];
  const fate = folder.fate === 'kept' ? 'it stays' : 'it is removed now';
  return [`on the disk, in ${folder.path} (${fate}):`, ...table(['', '', ''], rows).slice(1)];
}

/** Bare against protected, in lines. */
export function tableReport({ bare, protected: guarded, protection, upstream }: Moment): string[] {
  const rows: Cells[] = [
    ['calls', bare.calls, guarded.calls],
    ['succeeded', share(bare.succeeded, bare), share(guarded.succeeded, guarded)],
    ['  of these from the cache, in its time', '–', guarded.results.cached],
    ['answered past its time (stale)', '–', share(guarded.results.stale, guarded)],
    ['answered by the fallback', '–', share(guarded.results.fallback, guarded)],
    ['answered in one way or another', answered(bare), answered(guarded)],
    ['failed for the caller', share(bare.results.failed, bare), share(guarded.results.failed, guarded)],
    ['latency p50', ms(bare.p50Ms), ms(guarded.p50Ms)],
    ['latency p95', ms(bare.p95Ms), ms(guarded.p95Ms)],
    ['latency p99', ms(bare.p99Ms), ms(guarded.p99Ms)],
    ['requests to the upstream', upstream.bare.requests, upstream.protected.requests],
    ['requests to it while it was down', upstream.bare.whileDown, upstream.protected.whileDown],
    ['retries', '–', protection.retries],
    ['rejected without a request', '–', protection.rejected],
    ['failed calls kept', 0, protection.deadLettered],
  ];
  return table(['', 'bare', 'protected'], rows);
}

function answered(measured: Measured): string {
  return share(measured.calls - measured.results.failed, measured);
}

function share(count: number, { calls }: Measured): string {
  return calls === 0 ? '0' : `${count} (${percent(count / calls)})`;
}

function sideReport({ calls, succeeded, successRatio, p50Ms, p95Ms, p99Ms }: Measured, borne: Borne): SideReport {
  return {
    calls,
    succeeded,
    successRatio: Number(successRatio.toFixed(4)),
    p50Ms: rounded(p50Ms),
    p95Ms: rounded(p95Ms),
    p99Ms: rounded(p99Ms),
    upstreamRequests: borne.requests,
    upstreamRequestsWhileDown: borne.whileDown,
  };
}
