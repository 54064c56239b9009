import { type HealthProbe, type HealthStatus, worstStatus } from '../../health/health-status.js';

/** One thing that health hangs on. */
export interface HealthEntry {
  /** What it is. */
  readonly kind: 'check' | 'breaker' | 'pool' | 'buffer' | 'deadLetters' | 'eventLoop' | 'registry';
  /** How well it is, and what that makes of the whole. */
  readonly status: HealthStatus;
  /** Why it is not up. */
  readonly reason?: string;
  /** Its numbers; of a check, what it has given as such. */
  readonly details?: unknown;
  /** How long a check took, in ms. */
  readonly durationMs?: number;
  /** When a check ended, in ms since 1970. */
  readonly checkedAt?: number;
}

/** What a probe is told: JSON all the way down. */
export interface HealthReport {
  /** Which of the two was asked for. */
  readonly probe: HealthProbe;
  /** The worst of its checks. A service that is `degraded` serves: answer 200. */
  readonly status: HealthStatus;
  /** In ms since 1970. */
  readonly takenAt: number;
  /** What is not up, and why, in words. */
  readonly reasons: readonly string[];
  /** Checks by their name, parts of the registry as `'breaker:quotes-api'`. */
  readonly checks: Readonly<Record<string, HealthEntry>>;
}

/** An entry under its name. */
export type NamedEntry = readonly [string, HealthEntry];

/** Puts a report together. */
export function reportOf(probe: HealthProbe, takenAt: number, entries: readonly NamedEntry[]): HealthReport {
  const reasons = entries.flatMap(([name, { status, reason }]) =>
    status === 'up' ? [] : [reason === undefined ? `${name} is ${status}` : `${name}: ${reason}`],
  );
  const status = worstStatus(entries.map(([, entry]) => entry.status));
  return Object.freeze({ probe, status, takenAt, reasons, checks: Object.fromEntries(entries) });
}
