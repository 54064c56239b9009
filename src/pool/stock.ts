import type { Clock } from '../base/clock.js';
import { deadlinesOf } from '../base/deadlines.js';
import { TimeoutError } from '../base/errors.js';
import { isThenable } from '../base/thenable.js';
import { grouped } from '../base/wording.js';
import { begin, HookRun } from './hook-run.js';
import { LazySignal } from './lazy-signal.js';
import type { DestroyCause, PoolEvent } from './pool-event.js';
import type { CheckedPoolOptions } from './pool-options.js';
import type { PoolSnapshot } from './pool-snapshot.js';
import { Slot } from './slot.js';

/** Who hands out what is in stock. */
export interface StockOwner<R> {
  /** A resource may be handed out: it was made, or has passed its check. */
  ready(slot: Slot<R>): void;
  createFailed(error: unknown): void;
  /** A place has come free. */
  freed(): void;
  told(event: PoolEvent): void;
}

/** The part of a pool's snapshot that the stock knows. */
type StockCounts = Omit<
  PoolSnapshot,
  'waiting' | 'minSize' | 'maxSize' | 'maxQueue' | 'acquired' | 'timedOut' | 'rejected' | 'closed'
>;

/** The resources of a pool: it makes, keeps, checks and destroys them, and knows nothing of who wants one. */
export class Stock<R> {
  readonly #destroyedFor: Record<DestroyCause, number> = { idle: 0, invalid: 0, broken: 0, late: 0, closed: 0 };
  readonly #name: string;
  readonly #options: CheckedPoolOptions<R>;
  readonly #clock: Clock;
  readonly #owner: StockOwner<R>;
  readonly #slots = new Map<R, Slot<R>>();
  // The last is the one that was used last: the others grow old, and go.
  readonly #idle: Slot<R>[] = [];
  readonly #creations = new Set<HookRun<R>>();
  readonly #checks = new Set<HookRun<boolean>>();
  #destroying = 0;
  #created = 0;
  #createFailures = 0;
  #destroyFailures = 0;
  // Somebody waits for the end of every resource.
  #isClosing = false;

  constructor(name: string, options: CheckedPoolOptions<R>, clock: Clock, owner: StockOwner<R>) {
    this.#name = name;
    this.#options = options;
    this.#clock = clock;
    this.#owner = owner;
  }

  /** Places taken; one is free again when its resource has been destroyed. */
  get size(): number {
    return this.#slots.size + this.#creations.size + this.#destroying;
  }

  /** Resources that are being checked. */
  get checking(): number {
    return this.#checks.size;
  }

  /** Resources that are being made or checked: each may serve somebody. */
  get underway(): number {
    return this.#creations.size + this.#checks.size;
  }

  /** Places that will be free once what is being destroyed has ended; one that came late has held none. */
  get comingFree(): number {
    const places = this.#options.maxSize - this.#slots.size - this.#creations.size;
    return Math.max(0, Math.min(this.#destroying, places));
  }

  /** What there is, and what was counted. */
  counts(): StockCounts {
    const { idle, invalid, broken, late, closed } = this.#destroyedFor;
    return {
      size: this.size,
      idle: this.#idle.length,
      borrowed: this.#slots.size - this.#idle.length - this.#checks.size,
      creating: this.#creations.size,
      checking: this.#checks.size,
      destroying: this.#destroying,
      created: this.#created,
      destroyed: idle + invalid + broken + late + closed,
      evicted: idle,
      invalid,
      broken,
      createFailures: this.#createFailures,
      destroyFailures: this.#destroyFailures,
    };
  }

  /** Makes resources until there are `minSize`. */
  keepMinimum(): void {
    while (this.size < this.#options.minSize) this.create();
  }

  /** Makes resources until there are `minSize`, and waits for them. */
  async fill(): Promise<void> {
    this.keepMinimum();
    await Promise.all([...this.#creations].map((run) => run.outcome));
  }

  slotOf(resource: R): Slot<R> | undefined {
    return this.#slots.get(resource);
  }

  /** Begins to make a resource. */
  create(): void {
    const { create, createTimeoutMs } = this.#options;
    const late = (resource: R) => this.#dispose(resource, 'late');
    const context = new LazySignal();
    const run = this.#run('made', createTimeoutMs, begin(create, context), context, late);
    this.#creations.add(run);
    run.outcome.then(
      (resource) => this.#made(run, resource),
      (error: unknown) => this.#notMade(run, error),
    );
  }

  /** Checks a resource, at once where the hook can; one that is bad is destroyed. */
  check(slot: Slot<R>): void {
    const context = new LazySignal();
    slot.state = 'checking';
    let answer: boolean | PromiseLike<boolean> | undefined;
    try {
      answer = this.#options.validate?.(slot.resource, context);
    } catch (error) {
      this.destroy(slot, 'invalid', error);
      return;
    }
    if (isThenable(answer)) this.#awaitCheck(slot, answer as PromiseLike<boolean>, context);
    else if (answer) this.#owner.ready(slot);
    else this.destroy(slot, 'invalid');
  }

  /** Takes the resource that was used last. */
  takeIdle(): Slot<R> | undefined {
    const slot = this.#idle.pop();
    if (slot !== undefined) deadlinesOf(this.#clock).cancel(slot);
    return slot;
  }

  /** Keeps a resource until it is wanted, or has lain idle for too long. */
  keep(slot: Slot<R>): void {
    slot.state = 'idle';
    this.#idle.push(slot);
    const deadlines = deadlinesOf(this.#clock);
    deadlines.arm(slot, this.#options.idleTimeoutMs, this.#clock.now());
    deadlines.abandon(slot);
  }

  /** Ends a resource that is not idle. */
  destroy(slot: Slot<R>, because: DestroyCause, error?: unknown): void {
    this.#slots.delete(slot.resource);
    this.#dispose(slot.resource, because, error);
  }

  /** Nobody waits for what is being made and checked: it goes on, and does not keep the process alive. */
  abandonRuns(): void {
    const deadlines = deadlinesOf(this.#clock);
    for (const run of [...this.#creations, ...this.#checks]) deadlines.abandon(run);
  }

  /** Ends what is idle, and asks what is being made or checked to end. */
  windUp(reason: unknown): void {
    this.#isClosing = true;
    for (let slot = this.takeIdle(); slot !== undefined; slot = this.takeIdle()) this.destroy(slot, 'closed');
    for (const run of [...this.#creations, ...this.#checks]) run.cancel(reason);
  }

  /** Ends everything at once; gives the resources that were out. */
  seize(reason: unknown): R[] {
    for (const run of [...this.#creations, ...this.#checks]) run.giveUp(reason);
    const borrowed = [...this.#slots.values()].filter(({ state }) => state === 'borrowed');
    for (const slot of borrowed) this.destroy(slot, 'closed');
    return borrowed.map(({ resource }) => resource);
  }

  #awaitCheck(slot: Slot<R>, answer: PromiseLike<boolean>, context: LazySignal): void {
    const run = this.#run('checked', this.#options.validateTimeoutMs, answer, context);
    this.#checks.add(run);
    run.outcome.then(
      (isGood) => {
        this.#checks.delete(run);
        if (isGood) this.#owner.ready(slot);
        else this.destroy(slot, 'invalid');
      },
      (error: unknown) => {
        this.#checks.delete(run);
        this.destroy(slot, 'invalid', error);
      },
    );
  }

  #made(run: HookRun<R>, resource: R): void {
    if (this.#slots.has(resource)) {
      const complaint = `'${this.#name}' has that one already; \`create\` makes a resource of its own each time`;
      return this.#notMade(run, new TypeError(`resourcePool: ${complaint}`));
    }
    this.#creations.delete(run);
    const slot = new Slot(resource, (idle) => this.#evict(idle));
    this.#slots.set(resource, slot);
    this.#created++;
    this.#owner.ready(slot);
  }

  #notMade(run: HookRun<R>, error: unknown): void {
    this.#creations.delete(run);
    this.#createFailures++;
    this.#owner.told({ type: 'createFailed', error });
    this.#owner.createFailed(error);
  }

  #evict(slot: Slot<R>): void {
    if (this.#slots.size <= this.#options.minSize) return;
    this.#idle.splice(this.#idle.indexOf(slot), 1);
    this.destroy(slot, 'idle');
  }

  #dispose(resource: R, because: DestroyCause, error?: unknown): void {
    this.#destroyedFor[because]++;
    this.#owner.told({ type: 'destroyed', because, ...(error !== undefined && { error }) });
    this.#destroying++;
    const freed = () => {
      this.#destroying--;
      this.#owner.freed();
    };
    const context = new LazySignal();
    const ending = begin(() => this.#options.destroy?.(resource, context), context);
    const run = this.#run('destroyed', this.#options.destroyTimeoutMs, ending, context);
    if (!this.#isClosing) deadlinesOf(this.#clock).abandon(run);
    run.outcome.then(freed, (failure: unknown) => {
      this.#destroyFailures++;
      this.#owner.told({ type: 'destroyFailed', error: failure });
      freed();
    });
  }

  #run<T>(
    what: string,
    timeoutMs: number,
    running: PromiseLike<T>,
    signal: LazySignal,
    late?: (value: T) => void,
  ): HookRun<T> {
    const message = `'${this.#name}' had its resource not ${what} within ${grouped(timeoutMs)} ms`;
    const timeoutError = () => new TimeoutError(message, { policy: 'resourcePool', policyName: this.#name });
    return new HookRun(running, { clock: this.#clock, timeoutMs, signal, timeoutError, ...(late && { late }) });
  }
}
