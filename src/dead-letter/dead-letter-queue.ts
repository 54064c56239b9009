import { withCause } from '../base/cause.js';
import { classify } from '../base/classify.js';
import { type Clock, systemClock } from '../base/clock.js';
import { RejectedError } from '../base/errors.js';
import { checkOptions, type Given } from '../base/options.js';
import { systemRandom } from '../base/random.js';
import { type BindOptions, Bindings, type SiteRun } from './bindings.js';
import type { DeadLetterEntry, DeadLetterFailure } from './dead-letter-entry.js';
import { type Act, actRules, type DeadLetterEvent } from './dead-letter-event.js';
import { type DeadLetterContext, type DeadLetterOptions, deadLetterRules } from './dead-letter-options.js';
import { EntryIds } from './entry-id.js';
import { EntryMaker } from './entry-maker.js';
import { KeptEntries } from './kept-entries.js';
import { Origin } from './origin.js';
import { type DeadLetterSnapshot, type ListOptions, listRules } from './queue-view.js';
import {
  emptyReport,
  type RedriveOptions,
  type RedriveReport,
  type RedriveWork,
  redriveEntries,
  redriveRules,
} from './redrive.js';
import type { Runner } from './runner.js';
import { safeCopy } from './safe-copy.js';

/**
 * Keeps calls that have failed, so that they can be looked at and run again.
 * @example
 * const queue = new DeadLetterQueue({ name: 'orders', maxEntries: 500 });
 * queue.bind('placeOrder', (_self, args) => placeOrder(...(args as [Order])));
 * queue.keep({ site: 'placeOrder', args: [order], error, attempts: 3 });
 * await queue.redrive({ ratePerSecond: 5 }); // { attempted: 1, succeeded: 1, … }
 */
export class DeadLetterQueue {
  readonly name: string;
  readonly options: Readonly<DeadLetterOptions>;
  /** Resolves when the store has been read, or has failed. Until then the queue works with what it has in memory. */
  readonly ready: Promise<void>;
  readonly #context: DeadLetterContext;
  readonly #clock: Clock;
  readonly #ids: EntryIds;
  readonly #maker: EntryMaker;
  readonly #entries: KeptEntries;
  readonly #bindings = new Bindings();
  #redriving = false;

  /**
   * @throws {TypeError} for an unknown option and for a value of the wrong type
   * @throws {RangeError} for a value out of range
   */
  constructor(options: DeadLetterOptions = {}, context: DeadLetterContext = {}) {
    this.options = checkOptions('deadLetter', deadLetterRules, options);
    this.name = this.options.name ?? context.name ?? 'deadLetter';
    this.#context = context;
    this.#clock = context.clock ?? systemClock;
    this.#ids = new EntryIds(context.random ?? systemRandom);
    this.#maker = new EntryMaker(this.options, context.classify ?? classify);
    this.#entries = new KeptEntries({
      maxEntries: this.options.maxEntries as number,
      store: this.options.store,
      onRead: ({ id }) => this.#ids.follow(id),
      onExpired: ({ id, site }) => this.#emit({ type: 'expired', id, site }),
      onDropped: ({ id, site }) => this.#emit({ type: 'dropped', id, site }),
      onStoreFailed: (operation, unsaved, error) => this.#emit({ type: 'storeFailed', operation, unsaved, error }),
    });
    this.ready = this.#entries.load();
  }

  /** How many entries there are. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Keeps a failed call. A store that is slow or down keeps nobody waiting.
   * @returns the entry's id; undefined when `when` does not want the error
   * @throws what `when` throws, with the call's error as its `cause`
   */
  keep(failure: DeadLetterFailure): string | undefined {
    if (!this.#isWanted(failure.error)) return undefined;
    this.#expire();
    const at = this.#clock.wallNow();
    const id = this.#ids.next(at);
    const entry = this.#maker.make(failure, { id, name: this.name, at });
    this.#entries.add(entry, new Origin(failure));
    this.#emitAdded(entry);
    return id;
  }

  /**
   * Gives a site its function: what `redrive` runs, in the place of what an entry's call was made by, and for entries of an
   * earlier process. It must be what stands inside this queue, or a failing redrive makes a second entry. A second function
   * for a site takes the place of the first.
   * @throws {TypeError} for a site that is no text and for a `run` that is no function
   */
  bind(site: string, run: SiteRun, options: Given<BindOptions> = {}): void {
    this.#bindings.bind(site, run, options);
  }

  /**
   * Tells of a function that bears the name of a site: it runs entries of an earlier process, as long as it is the only one
   * of that name.
   */
  see(site: string, runner: Runner): void {
    this.#bindings.see(site, runner);
  }

  /** Entries, oldest first; copies. */
  list(options: Given<ListOptions> = {}): DeadLetterEntry[] {
    const { filter, limit = Infinity, after } = checkOptions('list', listRules, options);
    this.#expire();
    const listed: DeadLetterEntry[] = [];
    for (const id of this.#entries.ids(after)) {
      if (listed.length >= limit) break;
      const entry = safeCopy(this.#entries.get(id), 'entry').value;
      if (entry !== undefined && (filter === undefined || filter(entry))) listed.push(entry);
    }
    return listed;
  }

  /**
   * Runs entries again, oldest first, one after the other. What succeeds is removed; what fails stays, with one more
   * redrive; a circuit that is open ends it. One at a time: while one is running a second does nothing and says `busy`;
   * a dry run is always possible. It first waits until the store has been read.
   * @throws what `filter` throws, before anything is run
   */
  async redrive(options: Given<RedriveOptions> = {}): Promise<RedriveReport> {
    const checked = checkOptions('redrive', redriveRules, options);
    if (!this.#entries.isRead) await this.ready;
    this.#expire();
    const { filter } = checked;
    const ids = filter === undefined ? this.#entries.ids() : this.list({ filter }).map((entry) => entry.id);
    if (checked.dryRun) return redriveEntries(this.#work(checked, {}), ids, checked);
    if (this.#redriving) return { ...emptyReport(), stoppedBy: 'busy' };
    this.#redriving = true;
    const act = { reason: checked.reason, owner: checked.owner };
    try {
      const report = await redriveEntries(this.#work(checked, act), ids, checked);
      const { results, ...counts } = report;
      this.#emit({ type: 'redriveEnded', report: counts, ...act });
      return { ...counts, results };
    } finally {
      this.#redriving = false;
    }
  }

  /** Removes all entries; gives how many there were. */
  clear(act: Given<Act> = {}): number {
    const { reason, owner } = checkOptions('clear', actRules, act);
    const ids = this.#entries.ids();
    this.#entries.remove(ids);
    this.#emit({ type: 'cleared', removed: ids.length, reason, owner });
    return ids.length;
  }

  /** The queue at this moment. */
  snapshot(): DeadLetterSnapshot {
    this.#expire();
    return {
      totalFailures: this.#entries.totals.failures,
      size: this.size,
      dropped: this.#entries.totals.dropped,
      expired: this.#entries.totals.expired,
      parked: this.#parkedEntries(),
      byFunction: this.#entries.totals.byFunction(),
      bySeverity: this.#entries.totals.bySeverity(),
      oldestAt: this.#entries.first?.firstAt ?? null,
      unsaved: this.#entries.unsaved,
    };
  }

  /** Writes what the store has not taken yet, each change once more. It takes as long as the store does. */
  async flush(): Promise<void> {
    await this.#entries.flush();
  }

  /** Flushes, and lets the store end what it has under way. The queue goes on working. */
  async close(): Promise<void> {
    await this.flush();
    await this.options.store?.close?.();
  }

  #isWanted(error: unknown): boolean {
    try {
      return this.options.when?.(error) ?? true;
    } catch (thrown) {
      throw withCause(thrown, error);
    }
  }

  #expire(): void {
    const { maxAgeMs = Infinity } = this.options;
    if (maxAgeMs !== Infinity) this.#entries.expire(this.#clock.wallNow() - maxAgeMs);
  }

  #parkedEntries(): number {
    if (this.options.maxRedrives === Infinity) return 0;
    const entries = this.#entries.ids().map((id) => this.#entries.get(id) as DeadLetterEntry);
    return entries.filter((entry) => this.#isParked(entry)).length;
  }

  #isParked({ redrives }: DeadLetterEntry): boolean {
    return redrives >= (this.options.maxRedrives as number);
  }

  #work({ parked }: Readonly<RedriveOptions>, act: Act): RedriveWork {
    return {
      clock: this.#clock,
      planFor: (id) => {
        const entry = this.#entries.get(id);
        if (entry !== undefined && parked === 'skipped' && this.#isParked(entry)) {
          return { obstacle: 'skipped', why: `it is parked: ${entry.redrives} redrives have failed` };
        }
        return entry && this.#bindings.planFor(entry, this.#entries.originOf(id));
      },
      succeeded: (id) => this.#succeeded(id, act),
      failedAgain: (id, error) => this.#failedAgain(id, error, act),
    };
  }

  #succeeded(id: string, act: Act): void {
    const entry = this.#entries.get(id);
    // It was cleared, or dropped, while it ran.
    if (entry === undefined) return;
    this.#entries.remove([id]);
    this.#emit({ type: 'redriven', id, site: entry.site, ...act });
  }

  #failedAgain(id: string, error: unknown, act: Act): void {
    const before = this.#entries.get(id);
    if (before === undefined) return;
    const runs = this.#context.attemptsOf?.(error) ?? (error instanceof RejectedError ? 0 : 1);
    const entry = this.#maker.remake(before, error, runs, this.#clock.wallNow());
    this.#entries.replace(entry);
    const { site, redrives } = entry;
    this.#emit({ type: 'redriveFailed', id, site, redrives, error: { ...entry.error }, ...act });
    if (redrives === this.options.maxRedrives) this.#emit({ type: 'parked', id, site, redrives });
  }

  #emitAdded({ id, site, severity, attempts, error, argsError }: DeadLetterEntry): void {
    this.#emit({ type: 'added', id, site, severity, attempts, error: { ...error } });
    if (argsError !== undefined) this.#emit({ type: 'argsError', id, site, reason: argsError });
  }

  #emit(event: DeadLetterEvent): void {
    try {
      this.#context.onEvent?.(event);
    } catch {
      // Who watches must not disturb who is watched.
    }
  }
}
