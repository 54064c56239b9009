import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/index.js';
import {
  bulkhead,
  cached,
  circuitBreaker,
  coalesce,
  deadLetter,
  fallback,
  rateLimit,
  Registry,
  retryWithBackoff,
  timed,
  timeout,
} from '../../src/index.js';

type Work = (key: string) => Promise<string>;
type Wrap = (fn: Work) => Work;

/** What the function does at each of its runs. */
type Behaviour = { settles: 'value' | 'error' | 'permanent' | 'throws' | 'never'; afterMs: number };

const makers: Record<string, (registry: Registry, name: string) => Wrap> = {
  timeout: (registry) => timeout({ ms: 500, registry }),
  fallback: (registry) =>
    fallback(async (key: string) => `spare ${key}`, { registry, when: (error) => !String(error).includes('stop') }),
  circuitBreaker: (registry, name) =>
    circuitBreaker({ name, failureThreshold: 2, recoveryTimeoutMs: 1_000, successThreshold: 1, registry }),
  retry: (registry) => retryWithBackoff({ maxAttempts: 3, baseDelayMs: 200, jitter: 'none', registry }),
  cached: (registry, name) => cached({ name, ttlMs: 600, registry }),
  coalesce: (registry) => coalesce({ registry }),
  bulkhead: (registry, name) => bulkhead({ name, maxConcurrent: 1, maxQueue: 1, registry }),
  full: (registry, name) => bulkhead({ name, maxConcurrent: 2, registry }) as Wrap,
  rateLimit: (registry, name) => rateLimit({ name, limit: 3, intervalMs: 1_000, registry }) as Wrap,
  timed: (registry) => timed({ registry }) as Wrap,
  deadLetter: (registry, name) => deadLetter({ name, registry }) as Wrap,
};

/** What a limit of time reaches into when it is fused, and cannot when it is nested: there the two differ, as they should. */
const REACHED = new Set(['retry', 'fallback', 'cached', 'coalesce', 'bulkhead']);

/** Who of several callers in company comes first is a matter of microtasks: it must not decide who is rejected. */
const SHARED = new Set(['cached', 'coalesce']);
const REJECTING = new Set(['circuitBreaker', 'full', 'bulkhead', 'rateLimit']);

function comparable(stack: readonly string[]): boolean {
  if (stack.some((kind) => SHARED.has(kind)) && stack.some((kind) => REJECTING.has(kind))) return false;
  return !stack.some((kind, place) => kind === 'timeout' && stack.slice(place + 1).some((inner) => REACHED.has(inner)));
}

/** Hides a wrapper from the engine, so that the next policy stands round it and not beside the policies on it. */
function hidden(inner: Work): Work {
  const work: Work = async (key) => inner(key);
  return work;
}

interface Script {
  stack: string[];
  behaviours: Behaviour[];
  calls: { key: string; pauseMs: number }[];
}

async function outcomesOf({ stack, behaviours, calls }: Script, between: (inner: Work) => Work) {
  const clock = new ManualClock();
  const registry = new Registry({ clock, random: () => 0.5 });
  const runs: string[] = [];
  const work: Work = async (key) => {
    const { settles, afterMs } = behaviours[runs.length % behaviours.length] as Behaviour;
    runs.push(`${key} at ${clock.now()}`);
    const failure = Object.assign(new Error(settles), settles === 'permanent' && { status: 404 });
    if (settles === 'throws') throw failure;
    await new Promise<void>((resolve) => settles === 'never' || clock.setTimeout(resolve, afterMs));
    if (settles !== 'value') throw failure;
    return `value ${key}`;
  };
  const call = stack.reduceRight<Work>((inner, kind, place) => {
    const wrap = makers[kind] as (typeof makers)[string];
    return wrap(registry, `${kind}${place}`)(place === stack.length - 1 ? inner : between(inner));
  }, work);
  const settled: string[] = [];
  for (const [index, { key, pauseMs }] of calls.entries()) {
    call(key).then(
      (value) => settled.push(`${index}: ${value} at ${clock.now()}`),
      (error: Error & { code?: string }) => settled.push(`${index}: ${error.code ?? error.message} at ${clock.now()}`),
    );
    await clock.advance(pauseMs);
  }
  await clock.advance(50_000);
  const { breakers, limiters, deadLetters } = registry.snapshot();
  const kept = Object.values(deadLetters).map(({ totalFailures }) => totalFailures);
  return { runs, settled: settled.sort(), breakers, limiters, kept };
}

const script: fc.Arbitrary<Script> = fc.record({
  stack: fc.array(fc.constantFrom(...Object.keys(makers)), { minLength: 2, maxLength: 5 }).filter(comparable),
  behaviours: fc.array(
    fc.record({
      settles: fc.constantFrom<Behaviour['settles']>('value', 'value', 'error', 'permanent', 'throws', 'never'),
      // Limits and delays are whole hundreds, runs and pauses 49 and 7 beyond one: no two things happen at one moment, for
      // who comes first then is a matter of timers.
      afterMs: fc.integer({ min: 0, max: 8 }).map((hundreds) => hundreds * 100 + 49),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  calls: fc.array(
    fc.record({
      key: fc.constantFrom('a', 'b'),
      pauseMs: fc.integer({ min: 0, max: 9 }).map((hundreds) => hundreds * 100 + 7),
    }),
    {
      minLength: 1,
      maxLength: 6,
    },
  ),
});

test('a fused stack gives what the same policies give one round the other', async () => {
  await fc.assert(
    fc.asyncProperty(script, async (given) => {
      expect(await outcomesOf(given, (inner) => inner)).toEqual(await outcomesOf(given, hidden));
    }),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 400) },
  );
}, 60_000);
