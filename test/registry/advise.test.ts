import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Advice,
  adaptiveLimit,
  type AnyPolicy,
  batched,
  bulkhead,
  cached,
  chaos,
  circuitBreaker,
  coalesce,
  compose,
  deadLetter,
  deadline,
  definePolicy,
  fallback,
  hedge,
  policiesOf,
  type PresetName,
  presets,
  protect,
  rateLimit,
  Registry,
  resilient,
  retryWithBackoff,
  shed,
  timed,
  timeout,
} from '../../src/index.js';
import { type World, world } from '../policies/world.js';
import { collectGarbage } from '../collect-garbage.js';

type Own = World['own'];
type Stack = (own: Own) => readonly AnyPolicy[];

/** What is said of a stack, outermost first. */
function adviceOn(stack: Stack): Advice[] {
  const { own, registry } = world();
  const call = compose(...stack(own))(async function price() {
    return 1;
  });
  const advice = registry.advise();
  expect(policiesOf(call)).not.toEqual([]);
  return advice;
}

const rulesOn = (stack: Stack) => adviceOn(stack).map(({ rule }) => rule);

/** The numbers of an advice: what is neither words nor names. */
function numbersOf({
  rule: _rule,
  site: _site,
  severity: _severity,
  reason: _reason,
  proposal: _,
  text,
  ...rest
}: Advice) {
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  return rest;
}

/** A policy that nothing is known of. */
const ownPolicy = definePolicy<'pause', object>({
  kind: 'pause',
  summary: 'Waits for what it likes.',
  options: {},
  bind: () => ({ around: (_call, inside) => inside.run().result }),
});

describe('a stack that does not do what it is there for is warned of', () => {
  const T = (own: Own, ms = 2_000) => timeout({ ms, ...own });
  const R = (own: Own, maxAttempts = 3, baseDelayMs = 200) => retryWithBackoff({ maxAttempts, baseDelayMs, ...own });

  test.each<[string, Stack, object]>([
    [
      'attempts-multiply',
      (own) => [R(own, 3, 0), hedge({ delayMs: 100, ...own }), R(own, 3, 0), T(own)],
      { factors: [3, 2, 3], through: [], attempts: 18, attemptMs: 2_000, durationMs: 18_300 },
    ],
    ['endless-retry', (own) => [R(own, Infinity, 100), T(own)], { baseDelayMs: 100 }],
    [
      'one-call-opens-circuit',
      (own) => [R(own, 6), circuitBreaker({ failureThreshold: 5, ...own }), T(own)],
      { attempts: 6, failureThreshold: 5 },
    ],
    [
      'one-call-opens-circuit',
      (own) => [R(own, 5), circuitBreaker({ failureThreshold: 5, ...own }), T(own)],
      { attempts: 5, failureThreshold: 5 },
    ],
    ['limit-never-reached', (own) => [deadline({ ms: 5_000, ...own }), T(own, 5_000)], { ms: 5_000, outerMs: 5_000 }],
    ['limit-never-reached', (own) => [T(own, 1_000), T(own, 2_000)], { ms: 2_000, outerMs: 1_000 }],
    [
      'limit-never-reached',
      (own) => [T(own, 500), bulkhead({ maxQueue: 5, queueTimeoutMs: 900, ...own })],
      { ms: 900, outerMs: 500 },
    ],
    ['limit-never-reached', (own) => [T(own, 100), hedge({ delayMs: 100, ...own })], { ms: 100, outerMs: 100 }],
    ['limit-never-reached', (own) => [T(own, 1_000), batched(own)], { ms: 1_000, outerMs: 1_000 }],
    [
      'no-time-to-retry',
      (own) => [deadline({ ms: 500, ...own }), R(own, 3, 1_000), T(own, 100)],
      { delayMs: 500, limitMs: 500 },
    ],
    [
      'no-time-to-retry',
      (own) => [retryWithBackoff({ maxElapsedMs: 800, jitter: 'equal', baseDelayMs: 2_000, ...own }), T(own, 100)],
      { delayMs: 1_500, limitMs: 800 },
    ],
    ['deadline-inside-retry', (own) => [R(own), deadline({ ms: 900, ...own })], { deadlineMs: 900, maxAttempts: 3 }],
    [
      'probe-cut-short',
      (own) => [circuitBreaker({ probeTimeoutMs: 5_000, ...own }), T(own, 10_000)],
      { probeTimeoutMs: 5_000, durationMs: 10_000 },
    ],
    ['guard-outside-cache', (own) => [circuitBreaker(own), cached(own)], {}],
    ['guard-outside-cache', (own) => [bulkhead(own), cached(own)], {}],
    ['guard-outside-cache', (own) => [shed(own), cached(own)], {}],
    ['guard-outside-cache', (own) => [adaptiveLimit(own), cached(own)], {}],
    ['hedge-joins-its-run', (own) => [hedge({ maxHedges: 2, ...own }), coalesce(own)], { maxHedges: 2 }],
    ['fallback-is-cached', (own) => [cached({ ttlMs: 9_000, ...own }), fallback.value(1, own)], { ttlMs: 9_000 }],
    ['dead-letter-per-attempt', (own) => [R(own), deadLetter(own), T(own)], { maxAttempts: 3 }],
  ])('%s: %#', (rule, stack, numbers) => {
    const warnings = adviceOn(stack).filter(({ severity }) => severity === 'warning');

    expect(warnings.map((advice) => [advice.rule, numbersOf(advice)])).toEqual([[rule, numbers]]);
  });

  test.each<[string, Stack, object]>([
    [
      'attempts-multiply',
      (own) => [R(own, 6, 0), hedge(own), T(own)],
      { factors: [6, 2], through: [], attempts: 12, attemptMs: 2_000, durationMs: 12_600 },
    ],
    ['long-call', (own) => [R(own, 3, 1_000), T(own, 30_000)], { attempts: 3, attemptMs: 30_000, durationMs: 93_000 }],
    [
      'breaker-counts-once',
      (own) => [circuitBreaker({ failureThreshold: 10, ...own }), R(own), T(own)],
      { attempts: 3, failureThreshold: 10, failures: 30 },
    ],
    [
      'attempts-past-limit',
      (own) => [deadline({ ms: 5_000, ...own }), R(own, 4), T(own)],
      { maxAttempts: 4, fitting: 3, attemptMs: 2_000, limitMs: 5_000 },
    ],
    ['hang-is-not-retried', (own) => [R(own)], { maxAttempts: 3 }],
    [
      'retries-in-step',
      (own) => [retryWithBackoff({ jitter: 'none', baseDelayMs: 250, ...own }), T(own)],
      { delayMs: 250 },
    ],
    [
      'slow-is-never-reached',
      (own) => [timed({ slowMs: 3_000, ...own }), T(own)],
      { slowMs: 3_000, durationMs: 2_000 },
    ],
    [
      'slow-is-never-reached',
      (own) => [circuitBreaker({ window: { type: 'count', size: 9 }, slowCallMs: 3_000, ...own }), T(own)],
      { slowMs: 3_000, durationMs: 2_000 },
    ],
    ['endless-queue', (own) => [bulkhead({ maxQueue: 7, ...own })], { maxQueue: 7 }],
    ['guard-outside-cache', (own) => [rateLimit({ limit: 5, ...own }), cached(own)], {}],
    ['fallback-is-inside', (own) => [circuitBreaker(own), fallback.value(1, own)], {}],
    ['fallback-is-inside', (own) => [R(own), fallback.value(1, own), T(own)], {}],
    [
      'rate-counts-calls',
      (own) => [rateLimit({ limit: 50, ...own }), R(own), T(own)],
      { limit: 50, intervalMs: 1_000, attempts: 3, most: 150 },
    ],
    ['slot-held-in-delays', (own) => [bulkhead(own), R(own), T(own)], { maxConcurrent: 10, waitsMs: 600 }],
    ['chaos-is-on', (own) => [chaos({ enabled: true, errorRatio: 0.1, ...own })], { errorRatio: 0.1, latencyMs: 0 }],
  ])('what may be meant is noted, %s: %#', (rule, stack, numbers) => {
    const advice = adviceOn(stack);

    expect(advice.map((one) => [one.rule, one.severity, numbersOf(one)])).toEqual([[rule, 'note', numbers]]);
  });
});

describe('a stack that is as it should be gives nothing to say', () => {
  test('the one of the first page', () => {
    const stack: Stack = (own) => [
      timed(own),
      fallback((symbol: string) => symbol, own),
      cached({ ttlMs: 5_000, ...own }),
      circuitBreaker({ name: 'quotes-api', failureThreshold: 5, recoveryTimeoutMs: 30_000, ...own }),
      retryWithBackoff({ maxAttempts: 3, baseDelayMs: 200, ...own }),
      timeout({ ms: 2_000, ...own }),
    ];

    // The cache stands outside of the breaker, as it should.
    expect(rulesOn(stack)).toEqual([]);
  });

  test.each<PresetName>(['production', 'high-throughput', 'low-latency'])('the preset %s', (preset) => {
    expect(rulesOn((own) => [resilient({ preset, ...own })])).toEqual([]);
    expect(
      rulesOn((own) => [
        resilient({
          preset,
          timed: true,
          fallback: true,
          deadLetter: true,
          cached: true,
          coalesce: true,
          shed: true,
          adaptiveLimit: true,
          bulkhead: true,
          rateLimit: { limit: 9 },
          chaos: true,
          ...own,
        }),
      ]),
    ).toEqual([]);
  });

  test('and the presets for whom an answer is worth a long wait are told how long it is', () => {
    const rules = (preset: PresetName) => rulesOn((own) => [resilient({ preset, ...own })]);

    expect(rules('memory-optimized')).toEqual(['long-call']);
    // Six attempts, and a circuit that opens at five failures in a row.
    expect(rules('high-reliability')).toEqual(['one-call-opens-circuit', 'long-call']);
    expect(Object.keys(presets)).toHaveLength(5);
  });

  test.each<[string, Stack]>([
    [
      'a retry that never retries',
      (own) => [retryWithBackoff({ maxAttempts: 1, ...own }), deadLetter(own), deadline({ ms: 5, ...own })],
    ],
    [
      'a breaker that judges by a window',
      (own) => [
        retryWithBackoff({ maxAttempts: 9, baseDelayMs: 9, ...own }),
        circuitBreaker({ window: { type: 'count', size: 50 }, ...own }),
        timeout({ ms: 100, ...own }),
      ],
    ],
    ['a limit for callers round a cache', (own) => [rateLimit({ limit: 5, key: () => 'tenant', ...own }), cached(own)]],
    ['a fallback for some errors', (own) => [circuitBreaker(own), fallback.value(1, { when: () => false, ...own })]],
    ['a cache that is told what to keep', (own) => [cached({ cacheIf: () => true, ...own }), fallback.value(1, own)]],
    [
      'a retry without end inside a deadline',
      (own) => [
        deadline({ ms: 5_000, ...own }),
        retryWithBackoff({ maxAttempts: Infinity, baseDelayMs: 100, ...own }),
        timeout({ ms: 500, ...own }),
      ],
    ],
    ['a queue inside of a timeout', (own) => [timeout({ ms: 500, ...own }), bulkhead({ maxQueue: 5, ...own })]],
    [
      'a slow fallback',
      (own) => [timed({ slowMs: 900, ...own }), fallback.value(1, own), timeout({ ms: 500, ...own })],
    ],
    [
      'a timeout that depends on the arguments',
      (own) => [deadline({ ms: 50, ...own }), timeout({ ms: () => 500, ...own })],
    ],
    [
      'a retry without end inside a timeout that depends on the arguments',
      (own) => [
        timeout({ ms: () => 500, ...own }),
        retryWithBackoff({ maxAttempts: Infinity, ...own }),
        timeout({ ms: 50, ...own }),
      ],
    ],
    [
      'a long call inside of a deadline as long',
      (own) => [deadline({ ms: 120_000, ...own }), retryWithBackoff(own), timeout({ ms: 30_000, ...own })],
    ],
    [
      'a store of its own time',
      (own) => [
        timed({ slowMs: 900, ...own }),
        rateLimit({ limit: 5, store: { take: async () => ({ allowed: true, retryAfterMs: 0 }) }, ...own }),
        timeout({ ms: 500, ...own }),
      ],
    ],
    [
      'a policy of the user’s own',
      (own) => [timed({ slowMs: 900, ...own }), ownPolicy(own), timeout({ ms: 500, ...own })],
    ],
    ['a timeout that is none', (own) => [deadline({ ms: 50, ...own }), timeout({ ms: Infinity, ...own })]],
  ])('%s', (_name, stack) => {
    expect(rulesOn(stack)).toEqual([]);
  });
});

describe('what is known', () => {
  const misordered = (own: Own) => compose(circuitBreaker(own), cached(own));

  test('a wrapped function is known at once, under its name', () => {
    const { own, registry } = world();
    const kept = misordered(own)(async function price() {});

    expect(registry.advise().map(({ site }) => site)).toEqual(['price']);
    expect(kept.name).toBe('price');
  });

  test('a method is known once it was called, or looked at', async () => {
    const { own, registry } = world();
    class Quotes {
      @misordered(own)
      async price(): Promise<number> {
        return 1;
      }
      @misordered(own)
      async name(): Promise<string> {
        return 'ACME';
      }
    }
    expect(registry.advise()).toEqual([]);
    await new Quotes().price();
    policiesOf(Quotes.prototype, 'name');

    expect(registry.advise().map(({ site }) => site)).toEqual(['Quotes.name', 'Quotes.price']);
  });

  test('a function that was wrapped once more counts as what it has become', () => {
    const { own, registry } = world();
    const inner = cached(own)(async () => 1);
    const outer = circuitBreaker(own)(inner);

    expect(registry.advise().map(({ rule }) => rule)).toEqual(['guard-outside-cache']);
    expect(registry.members().map(({ policies }) => policies.map(({ kind }) => kind))).toEqual([
      ['circuitBreaker', 'cached'],
    ]);
    expect([typeof inner, typeof outer]).toEqual(['function', 'function']);
  });

  test('two wrappers of one function are two', () => {
    const { own, registry } = world();
    const inner = timeout({ ms: 900, ...own })(async () => 1);
    const both = [timeout({ ms: 500, ...own })(inner), deadline({ ms: 400, ...own })(inner)];

    expect(registry.advise().map((advice) => numbersOf(advice))).toEqual([
      { ms: 900, outerMs: 400 },
      { ms: 900, outerMs: 500 },
    ]);
    expect(both).toHaveLength(2);
  });

  test('what was protected is known until it is restored, and then as what it was', () => {
    const { own, registry } = world();
    const client = { send: cached(own)(async () => 1) };
    const protection = protect(client, { send: circuitBreaker(own) });
    const protectedRules = registry.advise().map(({ rule }) => rule);
    protection.restore();

    expect(protectedRules).toEqual(['guard-outside-cache']);
    expect(registry.advise()).toEqual([]);
  });

  test('each registry knows its own', () => {
    const [one, other] = [world(), world()];
    const kept = misordered(one.own)(async () => 1);

    expect([one.registry.advise().length, other.registry.advise().length]).toEqual([1, 0]);
    expect(kept).toBeTypeOf('function');
  });

  test('a function that nobody can call any more is forgotten', async () => {
    const { own, registry } = world();
    const kept = misordered(own)(async function kept() {});
    for (let index = 0; index < 200; index++) misordered(own)(async function dropped() {});
    await collectGarbage();

    expect(registry.advise().map(({ site }) => site)).toEqual(['kept']);
    expect(kept.name).toBe('kept');
  });

  test('calls are no news to it', async () => {
    const { own, registry } = world();
    let enrolled = 0;
    const enrol = registry.enrol.bind(registry);
    registry.enrol = (member) => {
      enrolled++;
      enrol(member);
    };
    class Quotes {
      @misordered(own)
      async price(): Promise<number> {
        return 1;
      }
    }
    for (let call = 0; call < 10; call++) await new Quotes().price();

    expect(enrolled).toBe(1);
  });

  test('of functions alike under one name it is told once', () => {
    const { own, registry } = world();
    const kept = Array.from({ length: 200 }, () => misordered(own)(async function price() {}));

    expect(registry.advise()).toHaveLength(1);
    expect(kept).toHaveLength(200);
  });
});

describe('an advice', () => {
  test('is a frozen record with its numbers, and a line of text', () => {
    const [advice] = adviceOn((own) => [deadline({ ms: 500, ...own }), timeout({ ms: 2_000, ...own })]);

    expect(advice).toEqual({
      rule: 'limit-never-reached',
      site: 'price',
      severity: 'warning',
      ms: 2_000,
      outerMs: 500,
      reason: 'the timeout of 2 s stands inside of a deadline of 500 ms: it is never reached',
      proposal: 'make it shorter than 500 ms, with room for what else stands in between',
      text: 'price: the timeout of 2 s stands inside of a deadline of 500 ms: it is never reached; make it shorter than 500 ms, with room for what else stands in between',
    });
    expect(String(advice)).toBe(advice?.text);
    expect(Object.isFrozen(advice)).toBe(true);
    expect(JSON.parse(JSON.stringify(advice))).toEqual(advice);
  });

  test('says what attempts inside each other come to', () => {
    const texts = adviceOn((own) => [
      retryWithBackoff({ baseDelayMs: 0, ...own }),
      hedge(own),
      retryWithBackoff({ baseDelayMs: 0, ...own }),
      timeout({ ms: 2_000, ...own }),
    ]).map(String);

    expect(texts).toEqual([
      'price: one call may come to 18 attempts of 2 s (3 × 2 × 3), 18.3 s in all; keep one retry, the inner one',
    ]);
  });

  const makers: ((own: Own) => AnyPolicy)[] = [
    (own) => timed({ slowMs: 50_000, ...own }),
    (own) => fallback.value(1, own),
    (own) => deadLetter(own),
    (own) => cached(own),
    (own) => coalesce(own),
    (own) => deadline({ ms: 700, ...own }),
    (own) => retryWithBackoff(own),
    (own) => retryWithBackoff({ maxAttempts: Infinity, baseDelayMs: 0, ...own }),
    (own) => retryWithBackoff({ maxAttempts: 100, jitter: 'decorrelated', ...own }),
    (own) => retryWithBackoff({ backoff: () => Number.NaN, jitter: 'none', ...own }),
    (own) => hedge({ delayMs: 'p95', ...own }),
    (own) => rateLimit({ limit: 5, ...own }),
    (own) => circuitBreaker(own),
    (own) => shed(own),
    (own) => adaptiveLimit(own),
    (own) => timeout({ ms: Infinity, ...own }),
    (own) => timeout(own),
    (own) => bulkhead({ maxQueue: Infinity, ...own }),
    (own) => batched(own),
    (own) => chaos({ enabled: true, latencyMs: 500, ...own }),
  ];

  test('stands in the same order whatever the stack, and never says what is no number', () => {
    const stacks = fc.array(fc.constantFrom(...makers), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(stacks, (stack) => {
        const advice = adviceOn((own) => stack.map((make) => make(own)));

        for (const { text } of advice) expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/);
        const ranks = advice.map(({ severity, rule, text }) => `${severity === 'warning' ? 0 : 1}${rule}${text}`);
        expect(ranks).toEqual(ranks.toSorted());
        expect(new Set(ranks).size).toBe(ranks.length);
      }),
      { numRuns: 300 },
    );
  });
});

test('a registry that nothing was made in has nothing to say', () => {
  expect(new Registry().advise()).toEqual([]);
});
