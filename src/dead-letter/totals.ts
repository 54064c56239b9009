import type { Severity } from '../base/severity.js';
import type { DeadLetterEntry } from './dead-letter-entry.js';

/** Failures kept since the queue was made, those found in its store among them; they never fall. */
export class Totals {
  dropped = 0;
  expired = 0;
  #failures = 0;
  readonly #byFunction = new Map<string, number>();
  readonly #bySeverity = new Map<Severity, number>();

  count({ site, severity }: DeadLetterEntry): void {
    this.#failures++;
    this.#byFunction.set(site, (this.#byFunction.get(site) ?? 0) + 1);
    this.#bySeverity.set(severity, (this.#bySeverity.get(severity) ?? 0) + 1);
  }

  get failures(): number {
    return this.#failures;
  }

  byFunction(): Record<string, number> {
    return sorted(this.#byFunction);
  }

  bySeverity(): Partial<Record<Severity, number>> {
    return sorted(this.#bySeverity);
  }
}

function sorted<Key extends string>(counts: ReadonlyMap<Key, number>): Record<Key, number> {
  const pairs = [...counts].sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(pairs) as Record<Key, number>;
}
