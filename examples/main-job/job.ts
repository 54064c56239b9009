import type { Flags } from './flags.js';
import { registry } from './holdfast.js';
import { Journal } from './journal.js';
import type { Live } from './live.js';
import { runLoad } from './load.js';
import type { Moment } from './moment.js';
import { observe } from './observer.js';
import { reachUpstream } from './own-upstream.js';
import { PRICE_TTL_MS, ProtectedQuotes } from './protected-quotes.js';
import { BareQuotes } from './quotes.js';
import { QuotesApi } from './quotes-api.js';
import { type Redriven, redriveAll } from './redrive.js';
import { Tally } from './tally.js';
import { startUpstream, type Upstream } from './upstream.js';
import type { UpstreamReport } from './upstream-report.js';

const CALLS_PER_SECOND = 80;

/** What the job came to. */
export interface Outcome {
  /** The moment the load ended. */
  readonly moment: Moment;
  /** Orders that each side had to place. */
  readonly orders: number;
  /** What became of the kept calls; undefined where the job was ended before, or nothing was kept. */
  readonly redriven: Redriven | undefined;
  /** What the upstream says after that. */
  readonly afterwards: UpstreamReport;
}

/**
 * Runs the whole job: the upstream, the load on both sides, the view, then the kept calls again. `stop` ends it at any
 * time with what there is; nothing of it runs any more when it comes back.
 * @throws {UserError} when there is no upstream to call, or no longer
 */
export async function runJob(flags: Flags, live: Live, stop: AbortSignal): Promise<Outcome> {
  const upstream = await openUpstream(flags, stop);
  try {
    return await callBothSides(flags, upstream, live, stop);
  } finally {
    live.close();
    await upstream.stop();
    await registry.close();
  }
}

function openUpstream({ seed, seconds, upstream, port }: Flags, stop: AbortSignal): Promise<Upstream> {
  return upstream === undefined ? startUpstream(seed, seconds * 1_000, port) : reachUpstream(upstream, stop);
}

async function callBothSides(flags: Flags, upstream: Upstream, live: Live, stop: AbortSignal): Promise<Outcome> {
  const { seed, seconds } = flags;
  const bare = { service: new BareQuotes(new QuotesApi(upstream, 'bare')), tally: new Tally(), priceTtlMs: 0 };
  const guarded = {
    service: new ProtectedQuotes(new QuotesApi(upstream, 'protected')),
    tally: new Tally(),
    priceTtlMs: PRICE_TTL_MS,
  };
  const journal = new Journal(registry);
  const end = AbortSignal.any([stop, upstream.gone]);

  await upstream.begin();
  const beganAt = performance.now();
  const startedAt = Date.now();
  const sources = { seed, seconds, startedAt, registry, journal, bare: bare.tally, protected: guarded.tally };
  const look = (report: UpstreamReport) => observe(sources, performance.now() - beganAt, report);
  const ticker = setInterval(() => live.show(look(upstream.report())), live.everyMs);
  try {
    const kinds = upstream.kind === 'own' ? 'reads' : 'all';
    const load = { seed, perSecond: CALLS_PER_SECOND, totalMs: seconds * 1_000, kinds } as const;
    const orders = await runLoad(load, [bare, guarded], end);
    const moment = look(await upstream.ask());
    const redriven = await redriveKept(end);
    upstream.gone.throwIfAborted();
    return { moment, orders, redriven, afterwards: await upstream.ask() };
  } finally {
    clearInterval(ticker);
    journal.close();
  }
}

async function redriveKept(end: AbortSignal): Promise<Redriven | undefined> {
  const queue = registry.deadLetters.get('orders');
  return queue === undefined || queue.size === 0 || end.aborted ? undefined : redriveAll(queue, end);
}
