import type { Advice } from '../../registry/advice/advice.js';
import { registry as shared } from '../../registry/default-registry.js';
import type { EnrolledMember } from '../../registry/members.js';
import type { Registry } from '../../registry/registry.js';
import { lookInto } from './look-into.js';

/** What was found in some modules. */
export interface Examination {
  /** The functions and methods that bear policies, by name. */
  readonly sites: readonly string[];
  /** By site, warnings first. */
  readonly advice: readonly Advice[];
}

/**
 * Looks at what modules export, and gives the advice of every registry that their policies use. Decorated methods of
 * classes that are not exported are known only once they were called.
 * @param modules What `import()` has given.
 * @example expect(examine(await import('./quotes.js')).advice).toEqual([]);
 */
export function examine(...modules: readonly object[]): Examination {
  const { registries, members } = lookInto(modules);
  const all = new Set<Registry>([shared, ...registries]);
  const known = [...all].flatMap((registry): EnrolledMember[] => [...registry.members()]);
  const sites = [...new Set([...members, ...known].map(({ site }) => site))].sort();
  const advice = [...all].flatMap((registry) => registry.advise());
  return { sites, advice: sites.flatMap((site) => advice.filter((one) => one.site === site)) };
}
