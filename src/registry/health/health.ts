import { text } from '../../base/option-rules.js';
import { checkOptions, type OptionRules } from '../../base/options.js';
import { grouped } from '../../base/wording.js';
import { Checkup } from '../../health/checkup.js';
import type { CheckedCheckOptions } from '../../health/check-options.js';
import type { HealthProbe } from '../../health/health-status.js';
import { LoopWatch } from '../../health/loop-watch.js';
import type { Entry } from '../collection.js';
import { registry as shared } from '../default-registry.js';
import type { ActDetails } from '../events.js';
import type { Registry } from '../registry.js';
import { ServicePlace } from '../service-place.js';
import { type CheckedHealthOptions, checkHealth, type HealthOptions } from './health-options.js';
import { type HealthEntry, type HealthReport, type NamedEntry, reportOf } from './health-report.js';
import { registryParts } from './registry-parts.js';

const KIND = 'health';

/** What probes were last told: JSON all the way down; `null` where nobody has asked. */
export interface HealthSnapshot {
  readonly live: HealthReport | null;
  readonly ready: HealthReport | null;
  /** Whether it is to get no requests any more. */
  readonly draining: boolean;
}

/**
 * Tells whether the process is to be restarted, and whether it is to get requests: by the breakers, pools and buffers of
 * a registry and by checks of your own. Asking is cheap: results are kept, a check runs once however many ask, and one
 * that hangs holds nobody up.
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @throws {NameTakenError} for a name that is taken in `registry.extensions`
 * @example
 * const health = new Health({ checks: { database: ({ signal }) => db.query('select 1', { signal }) } });
 * const { status } = await health.ready(); // 'up' | 'degraded' | 'down'
 */
export class Health implements Entry {
  readonly name: string;
  readonly #registry: Registry;
  readonly #options: CheckedHealthOptions;
  readonly #checkups: Readonly<Record<HealthProbe, ReadonlyMap<string, Checkup>>>;
  readonly #told: Partial<Record<HealthProbe, HealthReport>> = {};
  readonly #place: ServicePlace<Entry>;
  #watch: LoopWatch | undefined = undefined;
  #draining: string | undefined = undefined;
  #closed = false;

  constructor(options: HealthOptions = {}) {
    this.#options = checkHealth(options);
    const { checks, livenessChecks, registry = shared, name } = this.#options;
    this.#registry = registry;
    this.name = name ?? registry.extensions.freeName(KIND, KIND);
    const checkup = ([of, one]: [string, CheckedCheckOptions]) => [of, new Checkup(one, registry.clock)] as const;
    this.#checkups = {
      live: new Map([...livenessChecks].map(checkup)),
      ready: new Map([...checks].map(checkup)),
    };
    this.#place = new ServicePlace(registry, registry.extensions, this.name);
    this.#place.enter(KIND, this);
  }

  /** Whether the process works: its event loop comes round, and the liveness checks pass. Dependencies do not count. */
  async live(): Promise<HealthReport> {
    if (!this.#closed && this.#options.maxEventLoopDelayMs !== Infinity) {
      this.#watch ??= new LoopWatch(this.#registry.clock);
    }
    // Read before anything is waited for: that would give the loop time to come round.
    const loop = this.#eventLoop();
    await this.#look('live');
    return this.#tell('live', [...loop, ...this.#checkEntries('live')]);
  }

  /** Whether it is to get requests: nothing critical is down, and it is neither draining nor closing. */
  async ready(): Promise<HealthReport> {
    // What is ending anyway asks nobody any more.
    if (this.#ending() === undefined) await this.#look('ready');
    return this.#tell('ready', this.#readiness());
  }

  /**
   * Readiness is down from now on, while calls go on as before: the first step of an orderly shutdown, or a pause.
   * @throws {TypeError | RangeError} for options that are not as they should be
   */
  drain(act: ActDetails = {}): void {
    const { reason, owner } = checkOptions<ActDetails>('health.drain', actRules, act);
    this.#draining = `is draining${owner === undefined ? '' : ` by ${owner}`}${reason === undefined ? '' : ` (${reason})`}`;
    this.#tell('ready', this.#readiness());
  }

  /** Ends what `drain` has begun. */
  resume(): void {
    this.#draining = undefined;
  }

  /** What was last told; nothing is asked. */
  snapshot(): HealthSnapshot {
    const { live = null, ready = null } = this.#told;
    return { live, ready, draining: this.#ending() !== undefined };
  }

  /** Ends its checks and its timer: readiness is down, and liveness what it was. A second time is no error. */
  close(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
    this.#watch?.stop();
    for (const checkups of Object.values(this.#checkups)) for (const checkup of checkups.values()) checkup.close();
    this.#tell('ready', this.#readiness());
    this.#place.leave(this);
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Why it is to get no requests any more, if it is not. */
  #ending(): string | undefined {
    const { closed, closing } = this.#registry;
    if (closed) return 'is closed';
    if (closing) return 'is closing';
    return this.#closed ? 'was left: its health is closed' : this.#draining;
  }

  /** All at once: one after the other they would outlast the probe. */
  async #look(probe: HealthProbe): Promise<void> {
    await Promise.all([...this.#checkups[probe].values()].map((checkup) => checkup.look()));
  }

  #readiness(): NamedEntry[] {
    const reason = this.#ending();
    const registry: HealthEntry =
      reason === undefined ? { kind: 'registry', status: 'up' } : { kind: 'registry', status: 'down', reason };
    return [
      ['registry', registry],
      ...this.#checkEntries('ready'),
      ...registryParts(this.#registry, this.#options.parts),
    ];
  }

  #checkEntries(probe: HealthProbe): NamedEntry[] {
    return [...this.#checkups[probe]].flatMap(([name, { last }]) =>
      last === undefined ? [] : [[name, { kind: 'check', ...last } as HealthEntry]],
    );
  }

  #eventLoop(): NamedEntry[] {
    if (this.#watch === undefined) return [];
    const { maxEventLoopDelayMs } = this.#options;
    const { delayMs } = this.#watch;
    const details = { delayMs, maxEventLoopDelayMs };
    if (delayMs <= maxEventLoopDelayMs) return [['eventLoop', { kind: 'eventLoop', status: 'up', details }]];
    const reason = `came round ${grouped(delayMs)} ms late`;
    return [['eventLoop', { kind: 'eventLoop', status: 'down', reason, details }]];
  }

  #tell(probe: HealthProbe, entries: readonly NamedEntry[]): HealthReport {
    const report = reportOf(probe, this.#registry.clock.wallNow(), entries);
    const { status: from = 'unknown' } = this.#told[probe] ?? {};
    this.#told[probe] = report;
    const { status: to, reasons } = report;
    const { name } = this;
    if (from !== to)
      this.#registry.emit('health:changed', { kind: KIND, name, site: name }, { probe, from, to, reasons });
    return report;
  }
}

const actRules: OptionRules<ActDetails> = { reason: text(), owner: text() } as OptionRules<ActDetails>;

/**
 * The health of a registry and of what you check yourself: `new Health(options)`.
 * @example const { status, reasons } = await health({ breakers: { 'payments*': 'down' } }).ready();
 */
export function health(options?: HealthOptions): Health {
  return new Health(options);
}
