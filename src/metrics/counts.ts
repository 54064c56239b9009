/** What is counted beside the calls of a site, in the order in which it is shown. */
export const COUNT_KINDS = [
  'slowCalls',
  'cacheHits',
  'cacheMisses',
  'retries',
  'recovered',
  'exhausted',
  'timedOut',
  'answered',
  'hedgesWon',
] as const;

/**
 * `slowCalls` took at least `slowMs`; `retries` are runs after the first; `recovered` calls succeeded by one, `exhausted`
 * ones failed after the last; `timedOut` calls ran out of time; `answered` ones got a fallback's answer; `hedgesWon` were
 * answered by the hedge first.
 */
export type CountKind = (typeof COUNT_KINDS)[number];

/** A number for each kind. */
export type Counts = Record<CountKind, number>;

/** Counts that all stand at 0. */
export function noCounts(): Counts {
  return Object.fromEntries(COUNT_KINDS.map((kind) => [kind, 0])) as Counts;
}
