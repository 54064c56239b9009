import type { FallbackHandlers } from './fallback-handlers.js';
import { Registry } from './registry.js';

// The version is that of the registry's shape: copies of the package that agree on it share one registry.
const HOME = Symbol.for('holdfast.registry.v1');

/** The registry that every policy uses unless it is given another; all copies of the package in a process share it. */
export const registry: Registry = shared();

function shared(): Registry {
  const home = globalThis as { [HOME]?: Registry };
  home[HOME] ??= new Registry();
  return home[HOME];
}

/** The fallbacks of the shared {@link registry}, by the name of the operation that they answer for. */
export const fallbacks: FallbackHandlers = registry.fallbacks;
