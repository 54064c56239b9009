import { checkOption, type OptionRule, refuseUnknown } from '../base/options.js';
import { cacheRules } from './cache-options.js';

/** What one value may have of its own. */
export interface SetOptions {
  /** How long it is fresh, in ms. @default the cache's `ttlMs` */
  ttlMs?: number;
  /** What it was made of, such as `'host:1'`: `invalidateTag` removes all that bear one. Not taken where there is a `store`. */
  tags?: readonly string[];
}

/** What one load may have of its own. */
export interface GetOrLoadOptions extends SetOptions {
  /** Ends the wait of this caller; when no other waits, the load is cancelled too. */
  signal?: AbortSignal;
}

/** How one value is to be held. */
export interface Terms {
  readonly ttlMs: number;
  /** Without repetitions; undefined for none. */
  readonly tags?: readonly string[] | undefined;
}

/** What the terms of a value depend on in its cache. */
interface TermsHome {
  readonly name: string;
  readonly ttlMs: number;
  readonly store?: object;
}

const tagsRule: OptionRule<readonly string[]> = {
  takes: 'a list of texts that are not empty',
  type: (value) => Array.isArray(value) && value.every((tag) => typeof tag === 'string' && tag !== ''),
};

/** Who takes options for one value, and which. */
const known: Readonly<Record<TermsOwner, string[]>> = {
  'cache.set': ['ttlMs', 'tags'],
  'cache.getOrLoad': ['ttlMs', 'tags', 'signal'],
};

type TermsOwner = 'cache.set' | 'cache.getOrLoad';

/**
 * How a value is held that was given with these options.
 * @param owner As it stands in the error.
 * @throws {TypeError | RangeError} for options that are not as they should be
 */
export function termsOf(owner: TermsOwner, home: TermsHome, given: SetOptions): Terms {
  refuseUnknown(owner, given, known[owner]);
  const { ttlMs, tags } = given;
  if (ttlMs !== undefined) checkOption(owner, 'ttlMs', cacheRules.ttlMs, ttlMs);
  if (tags !== undefined) {
    checkOption(owner, 'tags', tagsRule, tags);
    refuseTags(home);
  }
  // A copy: a list that its owner changes later must not lead to entries that it never bore.
  return { ttlMs: ttlMs ?? home.ttlMs, tags: tags?.length ? [...new Set(tags)] : undefined };
}

/** A store that others share knows no tags, so an invalidation by them would leave there what it promises to remove. */
export function refuseTags({ name, store }: Pick<TermsHome, 'name' | 'store'>): void {
  if (store !== undefined) {
    throw new TypeError(
      `cache '${name}': with a \`store\` there are no tags, for it does not know them; use a pattern`,
    );
  }
}
