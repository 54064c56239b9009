import { describe, expect, test } from 'vitest';
import {
  attemptsOf,
  batched,
  bulkhead,
  cached,
  callContext,
  chaos,
  circuitBreaker,
  compose,
  deadLetter,
  deadline,
  type EventDetails,
  fallback,
  rateLimit,
  Registry,
  retryWithBackoff,
  timed,
  timeout,
} from '../../src/index.js';
import { DECISION_TYPES } from '../../src/registry/decision-text.js';
import { failureOf, hanging, WALL_MS, world } from '../policies/world.js';

const refused = () => Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' });
const down = async (): Promise<string> => {
  throw refused();
};

/** The last part of each line: what was decided, without when. */
const linesOf = (text: string) => text.split('\n').map((line) => line.trim());

describe('a rejected call is explained by its error', () => {
  test('with how long the circuit has been open, why, and when the next probe goes', async () => {
    const { clock, own, registry } = world();
    const call = circuitBreaker({ name: 'quotes-api', recoveryTimeoutMs: 30_000, ...own })(down);
    for (let run = 0; run < 5; run++) await failureOf(call);
    clock.advance(12_300);
    const { decisions, text } = registry.explain(await failureOf(call));

    expect(text).toBe(
      'down: rejected: circuit quotes-api open since 12.3 s after 5 failures in a row, last ECONNREFUSED; next probe in 17.7 s',
    );
    expect(decisions).toEqual([
      {
        type: 'call:rejected',
        kind: 'circuitBreaker',
        name: 'quotes-api',
        site: 'down',
        at: WALL_MS + 12_300,
        code: 'ERR_CIRCUIT_OPEN',
        reason: expect.stringContaining('is open after 5 failures in a row'),
        retryAfterMs: 17_700,
        error: { name: 'CircuitOpenError', message: expect.any(String), code: 'ERR_CIRCUIT_OPEN' },
        grounds: {
          openReason: '5 failures in a row',
          openedAt: 0,
          waitMs: 30_000,
          consecutiveFailures: 5,
          lastError: { name: 'Error', message: 'connect refused', code: 'ECONNREFUSED' },
        },
        text: expect.stringMatching(/^rejected: /),
      },
    ]);
  });

  test('with the numbers of its own opening, after the circuit was opened anew', async () => {
    const { clock, own, registry } = world();
    const call = circuitBreaker({ name: 'b', failureThreshold: 1, recoveryTimeoutMs: 1_000, ...own })(down);
    await failureOf(call);
    const first = await failureOf(call);
    clock.advance(1_000);
    await failureOf(call);
    clock.advance(400);
    const second = await failureOf(call);

    expect(registry.explain(first).text).toMatch(/open since 0 ms after 1 failure in a row.* next probe in 1 s$/);
    expect(registry.explain(second).text).toMatch(/open since 400 ms after a failed probe.* next probe in 600 ms$/);
  });

  test.each([
    ['bulkhead', 'all its 2 slots taken', { maxConcurrent: 2, maxQueue: 0 }],
    ['rateLimit', '2 calls in 1 000 ms', { limit: 2, intervalMs: 1_000, burst: 2 }],
  ])('with the numbers of a %s', async (kind, reason, grounds) => {
    const { own, registry } = world();
    const make = {
      bulkhead: () => bulkhead({ maxConcurrent: 2, ...own }),
      rateLimit: () => rateLimit({ limit: 2, ...own }),
    };
    const call = make[kind as keyof typeof make]()(hanging().fn);
    void call();
    void call();
    const { decisions, text } = registry.explain(await failureOf(call));

    expect(decisions).toMatchObject([{ type: 'call:rejected', kind, grounds }]);
    expect(text).toContain(`rejected: `);
    expect(text).toContain(reason);
  });
});

describe('a call that was not rejected is explained by its id', () => {
  test('which its error leads to, the same object that the caller got', async () => {
    const { clock, own, registry } = world();
    const call = retryWithBackoff({ maxAttempts: 2, baseDelayMs: 100, jitter: 'none', ...own })(down);
    const outcome = failureOf(call);
    await clock.advance(100);
    const { callId, site, decisions, text } = registry.explain(await outcome);

    expect(site).toBe('down');
    expect(decisions.map(({ type, at }) => [type, at - WALL_MS])).toEqual([
      ['call:retry', 0],
      ['call:exhausted', 100],
    ]);
    expect(linesOf(text)).toEqual([
      `down, ${callId}:`,
      '+0 ms  retried: attempt 1 failed with ECONNREFUSED; attempt 2 after 100 ms',
      '+100 ms  gave up after 2 attempts: no attempts are left, last ECONNREFUSED',
    ]);
    expect(registry.explain(callId)).toEqual(registry.explain(await outcome));
  });

  test('a recovery tells how many attempts it took', async () => {
    const { clock, own, registry } = world();
    let id = '';
    let runs = 0;
    const call = retryWithBackoff({ baseDelayMs: 100, jitter: 'none', ...own })(async () => {
      id = callContext().callId;
      if (++runs === 1) throw refused();
    })();
    await clock.advance(100);
    await call;

    expect(registry.explain(id).decisions.map(({ type }) => type)).toEqual(['call:retry', 'call:recovered']);
    expect(registry.explain(id).text).toMatch(/recovered: attempt 2 came through$/);
  });

  test.each([
    ['timeout', 'timed out: not settled within 50 ms'],
    ['deadline', 'timed out: the whole call exceeded its 50 ms'],
  ])('a %s leads from the error that the caller got', async (kind, line) => {
    const { clock, own, registry } = world();
    const policy = kind === 'timeout' ? timeout({ ms: 50, ...own }) : deadline({ ms: 50, ...own });
    const outcome = failureOf(policy(hanging().fn));
    await clock.advance(50);

    expect(registry.explain(await outcome).text).toMatch(new RegExp(`^fn, call-\\d+: ${line}$`));
  });

  test('an answer of the fallback stands after the rejection that it answers, and both have the id', async () => {
    const { own, registry } = world();
    const call = compose(
      fallback.value('spare', own),
      circuitBreaker({ name: 'b', failureThreshold: 1, ...own }),
    )(down);
    await call();
    await call();
    const answered = registry.decisions({ kind: 'fallback' }).at(-1);

    expect(registry.explain(answered?.callId).decisions.map(({ type }) => type)).toEqual([
      'call:rejected',
      'call:fallback',
    ]);
  });

  test('a rejection inside of a retry has the id of its call', async () => {
    const { clock, own, registry } = world();
    const stack = compose(
      retryWithBackoff({ baseDelayMs: 100, jitter: 'none', ...own }),
      circuitBreaker({ name: 'b', failureThreshold: 1, ...own }),
    );
    const outcome = failureOf(stack(down));
    await clock.advance(100);
    const { decisions, callId } = registry.explain(await outcome);

    expect(decisions.map(({ type }) => type)).toEqual(['call:retry', 'call:rejected', 'call:exhausted']);
    expect(decisions.every((decision) => decision.callId === callId)).toBe(true);
  });

  test('a stale answer while it is refreshed', async () => {
    const { clock, own, registry } = world();
    let id = '';
    const call = cached({ name: 'quotes', ttlMs: 1_000, staleWhileRevalidateMs: 5_000, ...own })(async () => {
      id = callContext().callId;
      return 'value';
    });
    await call();
    clock.advance(1_500);
    await call();

    expect(registry.explain(id).text).toBe(
      `anonymous, ${id}: served stale: [] is 1.5 s old, 500 ms past its time; it is being refreshed`.replace(
        'anonymous',
        'quotes',
      ),
    );
  });

  test.each(['now', 'later'])('a stale answer for a load that fails %s', async (when) => {
    const { clock, own, registry } = world();
    let id = '';
    let runs = 0;
    const call = cached({ name: 'quotes', ttlMs: 1_000, staleIfErrorMs: 5_000, ...own })(async () => {
      id = callContext().callId;
      if (when === 'later') await Promise.resolve();
      if (++runs > 1) throw refused();
      return 'value';
    });
    await call();
    clock.advance(1_500);
    await call();

    expect(registry.explain(id).decisions).toMatchObject([
      { type: 'cache:stale', because: 'load-failed', ttlLeftMs: -500 },
    ]);
  });

  test('a kept call leads from the error that its function threw', async () => {
    const { own, registry } = world();
    const { decisions, text } = registry.explain(await failureOf(deadLetter({ name: 'orders', ...own })(down)));

    expect(decisions).toMatchObject([{ type: 'deadLetter:added', attempts: 1, severity: 'recoverable' }]);
    expect(text).toMatch(/kept in dead letters orders as \S+: failed after 1 run with ECONNREFUSED, recoverable$/);
  });

  test('a call whose last attempt was rejected: all tell how often it ran', async () => {
    const { clock, own, registry } = world();
    const stack = compose(
      deadLetter({ name: 'orders', ...own }),
      retryWithBackoff({ maxAttempts: 3, baseDelayMs: 100, jitter: 'none', ...own }),
      circuitBreaker({ name: 'b', failureThreshold: 2, ...own }),
    );
    const outcome = failureOf(stack(down));
    await clock.advance(300);
    const error = await outcome;
    const { decisions, text } = registry.explain(error);

    expect(attemptsOf(error)).toBe(3);
    expect(decisions.find(({ type }) => type === 'call:exhausted')).toMatchObject({
      attempts: 3,
      runs: 2,
      reason: 'rejection',
    });
    expect(text).toContain(
      'gave up after 3 attempts, of which 2 ran: a rejection is not retried, last ERR_CIRCUIT_OPEN',
    );
    expect(text).toContain('failed after 2 runs with ERR_CIRCUIT_OPEN');
    expect(registry.deadLetters.get('orders')?.list()[0]).toMatchObject({ attempts: 2 });
  });

  test('a kept call that was not run at all', async () => {
    const { own, registry } = world();
    const call = compose(deadLetter(own), circuitBreaker({ name: 'b', failureThreshold: 1, ...own }))(down);
    await failureOf(call);
    const { text } = registry.explain(await failureOf(call));

    expect(text).toMatch(/rejected before it ran with ERR_CIRCUIT_OPEN/);
  });

  test('a slow one', async () => {
    const { clock, own, registry } = world();
    const call = timed({ slowMs: 100, ...own })(
      () => new Promise((resolve) => void clock.setTimeout(() => resolve(1), 250)),
    )();
    await clock.advance(250);
    await call;

    expect(registry.decisions().map(({ text }) => text)).toEqual(['slow: took 250 ms, and 100 ms is slow']);
  });

  test('one that calls for a person is told once, whichever policies its error passes', async () => {
    const { own, registry } = world();
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    const stack = compose(deadLetter(own), retryWithBackoff(own), circuitBreaker(own));
    await failureOf(stack(async () => Promise.reject(full)));

    expect(registry.explain(full).decisions.filter(({ type }) => type === 'error:critical')).toMatchObject([
      { text: 'critical: ENOSPC calls for a person' },
    ]);
  });
});

describe('in words', () => {
  const error = refused();
  const table: { [Type in keyof EventDetails]?: [EventDetails[Type], string] } = {
    'breaker:state': [
      { from: 'half-open', to: 'closed', reason: '2 probes that succeeded', consecutiveFailures: 0, failureRate: 0 },
      'circuit part: half-open → closed after 2 probes that succeeded',
    ],
    'breaker:act': [
      { act: 'isolate', owner: 'ops', reason: 'maintenance', ttlMs: 300_000 },
      'circuit part: isolate by ops for 5 min (maintenance)',
    ],
    'breaker:shadowed': [{ reason: 'would be open' }, 'let through in shadow: circuit part would be open'],
    'call:retry': [{ attempt: 1, delayMs: 0, error }, 'retried: attempt 1 failed with ECONNREFUSED; attempt 2 at once'],
    'call:exhausted': [
      { attempts: 1, runs: 1, reason: 'deadline', error: undefined },
      'gave up after 1 attempt: the deadline leaves no time for another',
    ],
    'batch:sent': [{ items: 1, calls: 1, because: 'full' }, 'sent in a batch: 1 item of 1 call; it was full'],
    'cache:storeFailed': [{ operation: 'get', error }, 'went on without the store: its get failed with ECONNREFUSED'],
    'deadLetter:dropped': [{ id: '7' }, 'dropped from dead letters part, for space: 7'],
    'deadLetter:argsError': [{ id: '7', reason: 'a cycle' }, 'kept as 7 without its arguments: a cycle'],
    'deadLetter:redriven': [{ id: '7' }, 'redriven: the kept call 7 came through'],
    'deadLetter:redriveFailed': [
      { id: '7', redrives: 2, error: { name: 'Error', message: 'down' } as never },
      'redriven in vain: 7 failed with down, redrive 2',
    ],
    'deadLetter:storeFailed': [
      { operation: 'put', unsaved: 3, error },
      "kept in memory only: the store's put failed with ECONNREFUSED, 3 unsaved",
    ],
    'retry:budgetEmpty': [{ attempt: 1 }, 'not retried: the retry budget is empty after attempt 1'],
    'limiter:storeFailed': [{ error }, 'let through: the store of the limit failed with ECONNREFUSED'],
  };

  test.each(Object.entries(table))('%s', (type, [details, line]) => {
    const { registry } = world();
    registry.emit(type as 'call:retry', { kind: 'part', name: 'part', site: 'part' }, details as never);

    expect(registry.decisions()).toEqual([expect.objectContaining({ type, at: WALL_MS, text: line })]);
  });
});

test('a wait that was asked for is told as such', async () => {
  const { clock, own, registry } = world();
  const busy = (retryAfterMs: number) => Object.assign(new Error('busy'), { status: 503, retryAfterMs });
  const errors = [busy(3_000), busy(60_000)];
  const price = retryWithBackoff({ ...own })(async function price() {
    throw errors.shift();
  });
  const failed = failureOf(price);
  await clock.advance(3_000);
  const lines = linesOf(registry.explain(await failed).text);

  expect(lines.slice(1)).toEqual([
    '+0 ms  retried: attempt 1 failed with busy; attempt 2 after 3 s, as it was asked for',
    '+3 s  gave up after 2 attempts: the wait that was asked for is too long (60 s), last busy',
  ]);
  expect(registry.decisions()).toMatchObject([{ retryAfterMs: 3_000 }, { retryAfterMs: 60_000 }]);
});

describe('the last decisions', () => {
  test('are as many as the registry is told to keep, oldest first', async () => {
    const registry = new Registry({ maxDecisions: 3 });
    const source = { kind: 'retry', name: 'retry', site: 'site' };
    for (let attempt = 1; attempt <= 5; attempt++) registry.emit('retry:budgetEmpty', source, { attempt });

    expect(registry.decisions().map((decision) => 'attempt' in decision && decision.attempt)).toEqual([3, 4, 5]);
  });

  test('are a thousand, unless it is told otherwise', () => {
    const registry = new Registry();
    const source = { kind: 'retry', name: 'retry', site: 'site' };
    for (let attempt = 1; attempt <= 1_001; attempt++) registry.emit('retry:budgetEmpty', source, { attempt });

    expect(registry.decisions()).toHaveLength(1_000);
  });

  test('are none where none are to be kept', async () => {
    const registry = new Registry({ maxDecisions: 0 });
    const failure = await failureOf(deadLetter({ registry })(down));

    expect(registry.decisions()).toEqual([]);
    expect(registry.explain(failure)).toEqual({
      decisions: [],
      text: 'nothing was decided on this call, or not among the last 0 decisions',
    });
  });

  test('can be asked for by name of part or function, by kind, and from a moment on', async () => {
    const { clock, own, registry } = world();
    const call = circuitBreaker({ name: 'b', failureThreshold: 1, ...own })(down);
    await failureOf(call);
    await failureOf(call);
    clock.advance(1_000);
    await failureOf(call);
    const timesOf = (filter: object) => registry.decisions(filter).map(({ at }) => at - WALL_MS);

    expect(timesOf({ name: 'b' })).toEqual([0, 0, 1_000]);
    expect(timesOf({ name: 'down' })).toEqual([0, 1_000]);
    expect(timesOf({ kind: 'circuitBreaker', since: WALL_MS + 1_000 })).toEqual([1_000]);
    expect(timesOf({ kind: 'retry' })).toEqual([]);
    expect(() => registry.decisions({ nmae: 'b' } as never)).toThrow(/name/);
  });

  test('hold no error that is not the toolkit’s own, and are plain JSON', async () => {
    const { own, registry } = world();
    await failureOf(compose(retryWithBackoff({ maxAttempts: 1, ...own }), deadLetter(own))(down));
    const decisions = registry.decisions();

    expect(decisions).not.toEqual([]);
    expect(JSON.parse(JSON.stringify(decisions))).toEqual(decisions);
  });

  test('are kept whether or not anyone listens, and whoever listens hears them as before', async () => {
    const { own, hear, registry } = world();
    const heard = hear('call:rejected');
    const call = rateLimit({ limit: 1, ...own })(async () => 'value');
    await call();
    const failure = await failureOf(call);

    expect(heard).toMatchObject([{ error: failure }]);
    expect(registry.decisions()).toHaveLength(1);
  });
});

describe('a call where nothing happened', () => {
  test('writes nothing, whatever stands round it', async () => {
    const { own, registry } = world();
    const stack = compose(
      timed(own),
      fallback.value('spare', own),
      deadLetter(own),
      cached(own),
      deadline({ ms: 1_000, ...own }),
      retryWithBackoff(own),
      rateLimit({ limit: 1_000, ...own }),
      circuitBreaker(own),
      timeout(own),
      bulkhead(own),
    );
    const call = stack(async (value: number) => `${value}`);
    for (let run = 0; run < 100; run++) await call(run % 10);

    expect(registry.decisions()).toEqual([]);
  });

  test('is explained as such', () => {
    expect(world().registry.explain('call-0').text).toBe(
      'nothing was decided on this call, or not among the last 1 000 decisions',
    );
    expect(world().registry.explain('thrown as a text').decisions).toEqual([]);
    expect(world().registry.explain(undefined).decisions).toEqual([]);
  });

  test('costs no clock read, and a rejection by an open circuit no second one', async () => {
    const { clock, own } = world();
    const call = circuitBreaker({ failureThreshold: 1, ...own })(async (fails: boolean) => {
      if (fails) throw refused();
    });
    let reads = 0;
    const now = clock.now.bind(clock);
    clock.now = () => {
      reads++;
      return now();
    };
    await call(false);
    expect(reads).toBe(0);
    await failureOf(() => call(true));
    reads = 0;
    await failureOf(() => call(false));
    expect(reads).toBe(1);
  });
});

describe('what comes with every call', () => {
  test('is explained: a call is told of the batch that it began, and of its faults', async () => {
    const { clock, own, registry } = world();
    const ids: string[] = [];
    const find = compose(
      timed(own),
      batched({ maxWaitMs: 20, ...own }),
      chaos({ enabled: true, latencyMs: 5, ...own }),
    )(async function find(names: string[]) {
      ids.push(callContext().callId);
      return names;
    });
    const calls = [find(['a', 'b']), find(['c'])];
    await clock.advance(30);
    await Promise.all(calls);
    const [{ callId = '' } = {}] = registry.decisions({ kind: 'batched' });

    expect(linesOf(registry.explain(callId).text)).toEqual([
      `find, ${callId}:`,
      '+0 ms  sent in a batch: 3 items of 2 calls; its time was up',
      '+0 ms  fault on purpose: delayed by 5 ms',
    ]);
    expect(ids).toEqual([callId]);
  });

  test.each([
    ['error', { errorRatio: 1 }, 'price: fault on purpose: made to fail'],
    ['result', { result: 7 }, 'price: fault on purpose: answered with the given result'],
  ])('a fault says what it was: %s', async (fault, options, text) => {
    const { own, registry } = world();
    const price = chaos({ enabled: true, ...options, ...own })(async function price() {
      return 1;
    });
    await price().catch(() => undefined);
    const [decision] = registry.decisions();

    expect(decision).toMatchObject({ type: 'chaos:injected', fault });
    expect(registry.explain(decision?.callId).text).toBe(text.replace('price', `price, ${decision?.callId}`));
  });

  test('does not push out what happens seldom, and stands among it in order', async () => {
    const { clock } = world();
    const registry = new Registry({ clock, maxDecisions: 2 });
    const source = { kind: 'k', name: 'n', site: 's' };
    const sent = () => registry.emit('batch:sent', source, { items: 1, calls: 1, because: 'full' });
    sent();
    registry.emit('call:slow', source, { durationMs: 2, slowMs: 1 });
    for (let batch = 0; batch < 5; batch++) sent();

    expect(registry.decisions().map(({ type }) => type)).toEqual(['call:slow', 'batch:sent', 'batch:sent']);
  });
});

test('every type of decision has its words', () => {
  const registry = new Registry();
  for (const type of DECISION_TYPES) {
    registry.emit(type, { kind: 'k', name: 'n', site: 's' }, {
      error: refused(),
      key: 'k',
      because: 'revalidating',
    } as never);
  }

  expect(registry.decisions().map(({ text }) => text)).not.toContain('');
  expect(registry.decisions()).toHaveLength(DECISION_TYPES.size);
});
