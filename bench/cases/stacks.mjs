/** Random stacks of the gated policies, and each policy alone, in one process. */
import { asyncTarget } from '../loops.mjs';
import { randomStacks } from '../stacks.mjs';

export async function cases(dist, { seed, stacks }) {
  const library = await import(new URL('index.js', dist).href);
  const registry = new library.Registry();
  const make = makers(library, registry);
  const kinds = Object.keys(make);
  const alone = kinds.map((kind) => ({ name: kind, kind: 'async', call: make[kind]()(asyncTarget(kind)) }));
  const stacked = randomStacks(kinds, stacks, seed).map((stack) => {
    const policies = stack.map((kind) => make[kind]());
    const name = stack.join(' + ');
    return { name, kind: 'async', call: library.compose(...policies)(asyncTarget(name)) };
  });
  return [...alone, ...stacked];
}

function makers(library, registry) {
  const { timeout, fallback, circuitBreaker, retryWithBackoff, bulkhead, rateLimit, cached, timed } = library;
  return {
    breaker: () => circuitBreaker({ registry }),
    retry: () => retryWithBackoff({ registry }),
    bulkhead: () => bulkhead({ registry }),
    fallback: () => fallback.value(-1, { registry }),
    timeout: () => timeout({ ms: 2_000, registry }),
    timed: () => timed({ registry }),
    rateLimit: () => rateLimit({ limit: 1e9, registry }),
    cached: () => cached({ maxEntries: 2_048, registry }),
  };
}
