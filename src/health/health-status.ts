/** How well something is: `degraded` serves all the same, `down` does not. */
export type HealthStatus = 'up' | 'degraded' | 'down';

/** What is asked: whether the process is to be restarted, or whether it is to get requests. */
export type HealthProbe = 'live' | 'ready';

const WORST_FIRST: readonly HealthStatus[] = ['down', 'degraded', 'up'];

/** The worst of several; of none at all, `up`. */
export function worstStatus(statuses: readonly HealthStatus[]): HealthStatus {
  return WORST_FIRST.find((status) => statuses.includes(status)) ?? 'up';
}

/** Whether a value is one of the three. */
export function isStatus(value: unknown): value is HealthStatus {
  return (WORST_FIRST as readonly unknown[]).includes(value);
}
