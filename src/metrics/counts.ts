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

/** Adds one to a count. Written out: a name that is a variable takes a look into a table, twice. */
export function countOne(counts: Counts, kind: CountKind): void {
  switch (kind) {
    case 'cacheHits':
      counts.cacheHits++;
      return;
    case 'cacheMisses':
      counts.cacheMisses++;
      return;
    default:
      counts[kind]++;
  }
}

/** Counts that all stand at 0. Written out, so that all of them have one shape, which is fast to make and to read. */
export function noCounts(): Counts {
  return {
    slowCalls: 0,
    cacheHits: 0,
    cacheMisses: 0,
    retries: 0,
    recovered: 0,
    exhausted: 0,
    timedOut: 0,
    answered: 0,
    hedgesWon: 0,
  };
}
