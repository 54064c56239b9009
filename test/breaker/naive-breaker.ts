import type { CheckedBreakerOptions } from '../../src/breaker/breaker-options.js';

/** A call that the model let run. */
export interface NaiveCall {
  generation: number;
  startedAt: number;
  kind: 'plain' | 'probe' | 'unbound';
  foundSlow: boolean;
}

interface NaiveOutcome {
  at: number;
  failed: boolean;
  slow: boolean;
}

/**
 * The breaker as the rules read, with lists where the real one has rings and links: slow, and plain to see. The clock of
 * this model never runs back.
 */
export class NaiveBreaker {
  state: 'closed' | 'open' | 'half-open' = 'closed';
  override: { state: 'isolated' | 'disabled' | 'shadow'; until: number } | undefined;
  consecutiveFailures = 0;
  openedAt: number | null = null;
  waitUntil = 0;
  totals = { successfulCalls: 0, failedCalls: 0, ignoredCalls: 0, rejectedCalls: 0, slowCalls: 0, wouldRejectCalls: 0 };
  readonly #options: CheckedBreakerOptions;
  #generation = 0;
  #nextWaitMs: number;
  #outcomes: NaiveOutcome[] = [];
  #running: NaiveCall[] = [];
  #probeSuccesses = 0;

  constructor(options: CheckedBreakerOptions) {
    this.#options = options;
    this.#nextWaitMs = options.recoveryTimeoutMs;
  }

  shown(now: number): string {
    if (this.override !== undefined && now < this.override.until) return this.override.state;
    return this.state === 'open' && now >= this.waitUntil ? 'half-open' : this.state;
  }

  failureRate(now: number): number {
    const { failedCalls, successfulCalls } = this.totals;
    const outcomes = this.#options.window === undefined ? undefined : this.#window(now);
    const failed = outcomes?.filter((outcome) => outcome.failed).length ?? failedCalls;
    const all = outcomes?.length ?? failedCalls + successfulCalls;
    return all === 0 ? 0 : failed / all;
  }

  acquire(now: number): NaiveCall | 'rejected' {
    this.#endOverride(now);
    if (this.override?.state === 'isolated') return this.#reject();
    if (this.override?.state === 'disabled') return this.#start('unbound', now);
    this.#noticeTime(now);
    if (this.state === 'closed') return this.#start('plain', now);
    const probes = this.#running.filter((call) => call.kind === 'probe' && call.generation === this.#generation);
    if (this.state === 'half-open' && probes.length < this.#options.halfOpenMaxCalls) return this.#start('probe', now);
    if (this.override === undefined) return this.#reject();
    this.totals.wouldRejectCalls++;
    return this.#start('unbound', now);
  }

  settle(call: NaiveCall, end: 'success' | 'failure' | 'ignored', now: number): void {
    this.#running = this.#running.filter((other) => other !== call);
    const slow = call.foundSlow || now - call.startedAt >= (this.#options.slowCallMs ?? Infinity);
    if (slow && !call.foundSlow) this.totals.slowCalls++;
    if (end === 'success') this.totals.successfulCalls++;
    if (end === 'failure') this.totals.failedCalls++;
    if (end === 'ignored') this.totals.ignoredCalls++;
    if (end === 'ignored' || call.kind === 'unbound' || call.generation !== this.#generation) return;
    const failed = end === 'failure';
    this.consecutiveFailures = failed ? this.consecutiveFailures + 1 : 0;
    if (this.state === 'half-open') {
      if (failed || (slow && this.#options.window !== undefined)) this.#open(now);
      else if (++this.#probeSuccesses === this.#options.successThreshold) this.#close();
      return;
    }
    this.#findSlow(now);
    this.#outcomes.push({ at: now, failed, slow });
    if (this.#mustOpen(now)) this.#open(now);
  }

  act(act: 'reset' | 'isolate' | 'disable' | 'shadow' | 'release', ttlMs: number, now: number): void {
    const states = { isolate: 'isolated', disable: 'disabled', shadow: 'shadow' } as const;
    this.#endOverride(now);
    if (act === 'reset') this.#close();
    if (act === 'isolate' || act === 'disable') this.#generation++;
    if ((act === 'isolate' || act === 'disable') && this.state === 'half-open') this.#probeSuccesses = 0;
    this.override = act === 'reset' || act === 'release' ? undefined : { state: states[act], until: now + ttlMs };
  }

  #endOverride(now: number): void {
    if (this.override !== undefined && now >= this.override.until) this.override = undefined;
  }

  #noticeTime(now: number): void {
    const { probeTimeoutMs, slowCallMs = Infinity, window } = this.#options;
    const leaseMs = window === undefined ? probeTimeoutMs : Math.min(probeTimeoutMs, slowCallMs);
    const mine = (call: NaiveCall) => call.kind === 'probe' && call.generation === this.#generation;
    const hung = (call: NaiveCall) => mine(call) && now - call.startedAt >= leaseMs;
    if (this.state === 'half-open' && this.#running.some(hung)) {
      this.consecutiveFailures++;
      this.#open(now);
    }
    if (this.state === 'open' && now >= this.waitUntil) {
      this.state = 'half-open';
      this.#generation++;
      this.#probeSuccesses = 0;
    }
    if (this.state === 'closed' && this.#findSlow(now) > 0 && this.#mustOpen(now)) this.#open(now);
    if (this.state === 'open' && now >= this.waitUntil) this.#noticeTime(now);
  }

  #findSlow(now: number): number {
    const { slowCallMs = Infinity } = this.#options;
    const mine = (call: NaiveCall) => call.kind === 'plain' && call.generation === this.#generation;
    const found = this.#running.filter((c) => mine(c) && !c.foundSlow && now - c.startedAt >= slowCallMs);
    for (const call of found) call.foundSlow = true;
    this.totals.slowCalls += found.length;
    return found.length;
  }

  #mustOpen(now: number): boolean {
    const { failureThreshold = 0, failureRatio = 0, minimumCalls = 0, slowCallMs, slowCallRatio = 0 } = this.#options;
    if (this.#options.window === undefined) return this.consecutiveFailures >= failureThreshold;
    const outcomes = this.#window(now);
    const failed = outcomes.filter((outcome) => outcome.failed).length;
    if (outcomes.length >= minimumCalls && failed / outcomes.length >= failureRatio) return true;
    const running = this.#running.filter((call) => call.foundSlow && call.generation === this.#generation).length;
    const slow = outcomes.filter((outcome) => outcome.slow).length + running;
    const all = outcomes.length + running;
    return slowCallMs !== undefined && all >= minimumCalls && slow / all >= slowCallRatio;
  }

  #window(now: number): NaiveOutcome[] {
    const { window } = this.#options;
    if (window?.type === 'count') return this.#outcomes.slice(-window.size);
    const tenthMs = (window?.ms ?? 0) / 10;
    return this.#outcomes.filter(({ at }) => Math.floor(at / tenthMs) > Math.floor(now / tenthMs) - 10);
  }

  #open(now: number): void {
    this.state = 'open';
    this.openedAt = now;
    this.waitUntil = now + this.#nextWaitMs;
    this.#nextWaitMs = Math.min(this.#nextWaitMs * 2, this.#options.maxRecoveryTimeoutMs);
    this.#generation++;
  }

  #close(): void {
    this.state = 'closed';
    this.openedAt = null;
    this.consecutiveFailures = 0;
    this.#outcomes = [];
    this.#nextWaitMs = this.#options.recoveryTimeoutMs;
    this.#generation++;
  }

  #start(kind: NaiveCall['kind'], now: number): NaiveCall {
    const call = { generation: this.#generation, startedAt: now, kind, foundSlow: false };
    this.#running.push(call);
    return call;
  }

  #reject(): 'rejected' {
    this.totals.rejectedCalls++;
    return 'rejected';
  }
}
