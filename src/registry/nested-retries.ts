import { isObject } from '../base/is-object.js';

/** Pairs of functions that are remembered: more there are hardly, and names may be made up. */
const MOST_PAIRS = 1_000;

/**
 * Which functions retry the failures of others that have retried already. It is seen by the errors that pass from one to
 * the other, so that calls that succeed know nothing of it.
 */
export class NestedRetries {
  // Whose retries an error has ended.
  readonly #endedAt = new WeakMap<object, string>();
  readonly #inside: Map<string, Set<string>> = new Map();
  #pairs = 0;

  /** The retries of a site have ended with an error. */
  gaveUp(error: unknown, site: string): void {
    if (isObject(error)) this.#endedAt.set(error, site);
  }

  /** A site retries after an error. */
  retried(error: unknown, site: string): void {
    if (!isObject(error)) return;
    const inner = this.#endedAt.get(error) ?? this.#endedAt.get(causeOf(error));
    if (inner === undefined || this.#pairs === MOST_PAIRS) return;
    const known = this.#inside.get(site) ?? new Set();
    this.#inside.set(site, known);
    if (known.has(inner)) return;
    known.add(inner);
    this.#pairs++;
  }

  /** The functions whose failures a site has retried, in the order in which that was seen. */
  inside(site: string): Iterable<string> {
    return this.#inside.get(site) ?? [];
  }
}

/** What was wrapped in an error on its way, or the error itself. */
function causeOf(error: object): object {
  try {
    const { cause } = error as { cause?: unknown };
    return isObject(cause) ? cause : error;
  } catch {
    return error;
  }
}
