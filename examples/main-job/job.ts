import type { Flags } from './flags.js';
import { JobFiles, type OnDisk } from './files.js';
import { registry } from './holdfast.js';
import { type JobFolder, openFolder } from './job-folder.js';
import { Journal } from './journal.js';
import type { Live } from './live.js';
import { runLoad, type Side } from './load.js';
import type { Moment } from './moment.js';
import { observe } from './observer.js';
import { reachUpstream } from './own-upstream.js';
import { PRICE_TTL_MS, protectedQuotes } from './protected-quotes.js';
import { BareQuotes } from './quotes.js';
import { QuotesApi } from './quotes-api.js';
import { type Redriven, redriveAll } from './redrive.js';
import { Tally } from './tally.js';
import { startUpstream, type Upstream } from './upstream.js';
import type { SideName, UpstreamReport } from './upstream-report.js';

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
  readonly folder: JobFolder;
  /** What was in it at the end. */
  readonly onDisk: OnDisk;
}

/** What is there when the load begins. */
interface Stage {
  readonly flags: Flags;
  readonly upstream: Upstream;
  readonly folder: JobFolder;
  readonly files: JobFiles;
}

/**
 * Runs the whole job: the upstream, the load on both sides, the view, then the kept calls again. `stop` ends it at any
 * time with what there is; nothing of it runs any more when it comes back.
 * @throws {UserError} when there is no upstream to call, or no longer, or no folder to write into
 */
export async function runJob(flags: Flags, live: Live, stop: AbortSignal): Promise<Outcome> {
  const folder = await openFolder(flags.folder);
  const upstream = await openUpstream(flags, stop);
  try {
    const files = new JobFiles(folder.path, registry);
    await files.open();
    return await callBothSides({ flags, upstream, folder, files }, live, stop);
  } finally {
    live.close();
    await upstream.stop();
    // What cannot be written any more is missing from the count of what was found: the table says so, and must come.
    await registry.close().catch(() => {});
  }
}

function openUpstream({ seed, seconds, upstream, port }: Flags, stop: AbortSignal): Promise<Upstream> {
  return upstream === undefined ? startUpstream(seed, seconds * 1_000, port) : reachUpstream(upstream, stop);
}

async function callBothSides(stage: Stage, live: Live, stop: AbortSignal): Promise<Outcome> {
  const { upstream, folder, files } = stage;
  const { seed, seconds } = stage.flags;
  const [bare, guarded] = [sideOf('bare', stage), sideOf('protected', stage)];
  const journal = new Journal(registry);
  const end = AbortSignal.any([stop, upstream.gone]);

  await upstream.begin();
  live.tell(`dead letters and metrics are written to ${folder.path} (${folder.fate} at the end)`);
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
    const deadLetters = await files.countDeadLetters(registry);
    const redriven = await redriveKept(end);
    upstream.gone.throwIfAborted();
    const afterwards = await upstream.ask();
    const deadLettersLeft = await files.countDeadLetters(registry);
    const onDisk = { ...(await files.finish()), deadLetters, deadLettersLeft };
    return { moment, orders, redriven, afterwards, folder, onDisk };
  } finally {
    clearInterval(ticker);
    journal.close();
  }
}

function sideOf(name: SideName, { upstream, files }: Stage): Side & { readonly tally: Tally } {
  const api = new QuotesApi(upstream, name);
  const tally = new Tally();
  return {
    service: name === 'bare' ? new BareQuotes(api) : protectedQuotes(api, files.deadLetters),
    priceTtlMs: name === 'bare' ? 0 : PRICE_TTL_MS,
    tally,
    book(call) {
      tally.book(call.result, call.durationMs);
      files.record(name, call);
    },
  };
}

async function redriveKept(end: AbortSignal): Promise<Redriven | undefined> {
  const queue = registry.deadLetters.get('orders');
  return queue === undefined || queue.size === 0 || end.aborted ? undefined : redriveAll(queue, end);
}
