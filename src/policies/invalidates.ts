import { callback, either, text } from '../base/option-rules.js';
import { type Given, show } from '../base/options.js';
import type { AnyFunction } from '../engine/any-function.js';
import type { CommonOptions } from '../engine/common-options.js';
import { definePolicy } from '../engine/define-policy.js';
import type { ReadingPolicy } from '../engine/reading-policy.js';
import type { StageCall } from '../engine/stage.js';

/** What `invalidates` removes. */
export interface InvalidatesOptions {
  /** The name of the cache in the registry. */
  cache: string;
  /** Which keys: `*` any run of characters, `?` one, `\` takes the next literally; or made of the arguments. */
  pattern: string | ((...args: never[]) => string);
}

const define = definePolicy<'invalidates', InvalidatesOptions, (...args: never[]) => unknown, StageCall>({
  kind: 'invalidates',
  summary: 'Removes entries of a cache once the call that made them outdated has succeeded.',
  options: {
    cache: text({ required: true }),
    pattern: either(text(), callback<(...args: never[]) => string>(), { required: true }),
  },
  bind: (site, { cache, pattern }) => ({
    admitCall: (call) => call,
    succeeded(call) {
      const wanted: unknown = typeof pattern === 'string' ? pattern : pattern.apply(call.self, call.args as never[]);
      if (typeof wanted !== 'string')
        throw new TypeError(`invalidates: \`pattern\` must give a text, got ${show(wanted)}`);
      site.registry.caches.get(cache)?.invalidate(wanted, { reason: `'${site.name}' succeeded`, owner: site.name });
    },
  }),
});

/**
 * Removes entries of a cache once the call that made them outdated has succeeded; a cache that does not exist yet has
 * none.
 * @throws {TypeError} for options that are not as they should be
 * @example
 * const rename = invalidates({ cache: 'hosts', pattern: (id: string) => `hosts:*${id}*` })(renameHost);
 */
export function invalidates<Pattern extends string | ((...args: never[]) => string)>(
  options: Given<Omit<InvalidatesOptions, 'pattern'> & CommonOptions> & { pattern: Pattern },
): ReadingPolicy<'invalidates', InvalidatesOptions & CommonOptions, { serves: AnyFunction; by: Pattern }> {
  type Invalidates = ReadingPolicy<
    'invalidates',
    InvalidatesOptions & CommonOptions,
    { serves: AnyFunction; by: Pattern }
  >;
  return define(options) as unknown as Invalidates;
}
