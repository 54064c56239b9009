/** How well something is: `degraded` serves all the same, `down` does not. */
export type HealthStatus = 'up' | 'degraded' | 'down';

/** What is asked: whether the process is to be restarted, or whether it is to get requests. */
export type HealthProbe = 'live' | 'ready';

const WORST_FIRST: readonly HealthStatus[] = ['down', 'degraded', 'up'];

/** The worst of several; of none at all, `up`. */
export function worstStatus(statuses: readonly HealthStatus[]): HealthStatus {
  return WORST_FIRST.find((status) => statuses.includes(status)) ?? 'up';
}

const WORDS: Readonly<Record<string, HealthStatus>> = {
  down: 'down',
  up: 'up',
  ok: 'up',
  pass: 'up',
  healthy: 'up',
  ready: 'up',
  connected: 'up',
  degraded: 'degraded',
  warn: 'degraded',
};

/**
 * What a word means that stands as a status, in whatever case; of one that is not known, the worst: it may be ill that it
 * says. Undefined for what is no word.
 */
export function statusOfWord(word: unknown): HealthStatus | undefined {
  return typeof word === 'string' ? (WORDS[word.toLowerCase()] ?? 'down') : undefined;
}
