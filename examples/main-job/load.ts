import { setTimeout as sleep } from 'node:timers/promises';
import { type Arrival, demand } from './demand.js';
import type { Answer, QuoteService } from './quotes.js';
import type { Result } from './tally.js';

/** One of the two that bear the load. */
export interface Side {
  readonly service: QuoteService;
  /** How long an answer of `price` is in its time, in ms. */
  readonly priceTtlMs: number;
  /** Is told of each call, once, when it has come to something. */
  book(call: BookedCall): void;
}

/** A call that has come to something. */
export interface BookedCall {
  readonly kind: Arrival['kind'];
  readonly symbol: string;
  readonly result: Result;
  readonly durationMs: number;
  /** What it failed with; undefined for one that failed by not settling. */
  readonly error?: unknown;
}

/** What is asked of both. */
export interface Load {
  readonly seed: number;
  readonly perSecond: number;
  readonly totalMs: number;
  /** `'reads'` where nothing may be written. */
  readonly kinds: 'all' | 'reads';
}

/** Calls that have not settled this long after the last began have failed, as far as anyone can tell. */
const GRACE_MS = 4_000;

/** A cache stores an answer a moment after it came, and its time counts from there. */
const STORED_WITHIN_MS = 10;

/**
 * An open loop: calls begin when the seed says, however long earlier ones take, as callers in the real world do. Every
 * call goes to both sides at once. Comes back when all have settled, or at once when `signal` is aborted.
 * @returns how many orders each side had to place
 */
export async function runLoad(load: Load, sides: readonly [Side, Side], signal: AbortSignal): Promise<number> {
  const open = new Set<OpenCall>();
  let orders = 0;
  const startedAt = performance.now();
  for (const arrival of demand(load.seed, load.perSecond, load.kinds)) {
    if (arrival.atMs >= load.totalMs) break;
    await sleepUntil(startedAt + arrival.atMs, signal);
    if (signal.aborted) return orders;
    if (arrival.kind === 'order') orders++;
    // Neither side is always the first.
    const [first, second] = arrival.serial % 2 === 0 ? sides : [sides[1], sides[0]];
    begin(first, arrival, open);
    begin(second, arrival, open);
  }
  await sleepUntil(startedAt + load.totalMs, signal);
  const settled = Promise.all([...open].map((call) => call.settled));
  await Promise.race([settled, sleepUntil(performance.now() + GRACE_MS, signal)]);
  if (!signal.aborted) for (const call of open) call.giveUp();
  return orders;
}

interface OpenCall {
  readonly settled: Promise<void>;
  giveUp(): void;
}

function begin(side: Side, arrival: Arrival, open: Set<OpenCall>): void {
  const startedAt = performance.now();
  const { kind, symbol } = arrival;
  const book = (result: Result, error?: unknown): void => {
    if (open.delete(call)) side.book({ kind, symbol, result, durationMs: performance.now() - startedAt, error });
  };
  const settled = ask(side.service, arrival).then(
    (answer) => book(judge(answer, startedAt, side.priceTtlMs)),
    (error: unknown) => book('failed', error),
  );
  const call: OpenCall = { settled, giveUp: () => book('failed') };
  open.add(call);
}

function ask(service: QuoteService, { kind, symbol, serial }: Arrival): Promise<Answer> {
  if (kind === 'order') return service.placeOrder({ id: `order-${serial}`, symbol });
  return kind === 'price' ? service.price(symbol) : service.depth(symbol);
}

/** Judges an answer by what it is, not by what the toolkit says of it. */
export function judge({ source, receivedAt }: Answer, startedAt: number, priceTtlMs: number): Result {
  if (source === 'fallback') return 'fallback';
  if (receivedAt >= startedAt) return 'fresh';
  return startedAt - receivedAt <= priceTtlMs + STORED_WITHIN_MS ? 'cached' : 'stale';
}

async function sleepUntil(at: number, signal: AbortSignal): Promise<void> {
  const leftMs = at - performance.now();
  if (leftMs > 0) await sleep(leftMs, undefined, { signal }).catch(() => {});
}
