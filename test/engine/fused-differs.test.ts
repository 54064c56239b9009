import { describe, expect, test } from 'vitest';
import { bulkhead, callContext, coalesce, deadline, fallback, retryWithBackoff, timeout } from '../../src/index.js';
import { world } from '../policies/world.js';

type Work = () => Promise<string>;

/** Two policies, as one stack and with a function between them that hides the inner one. */
const stacks: Record<string, (outer: (fn: Work) => Work, inner: (fn: Work) => Work) => (fn: Work) => Work> = {
  fused: (outer, inner) => (fn) => outer(inner(fn)),
  nested: (outer, inner) => (fn) => {
    const hidden = inner(fn);
    return outer(async () => hidden());
  },
};

describe.each([
  ['fused', 1],
  ['nested', 3],
] as const)('%s: when its time is up, a call', (how, runs) => {
  test(`has had ${runs} of its three attempts at last`, async () => {
    const { clock, own } = world();
    let ran = 0;
    const call = stacks[how]?.(
      timeout({ ms: 50, ...own }),
      retryWithBackoff({ maxAttempts: 3, baseDelayMs: 100, jitter: 'none', ...own }),
    )(async () => {
      ran++;
      throw new Error('down');
    });
    const outcome = call?.().catch((error: { code?: string }) => error.code);
    await clock.advance(1_000);

    expect([await outcome, ran]).toEqual(['ERR_TIMEOUT', runs]);
  });
});

test.each([
  ['fused', 0],
  ['nested', 1],
] as const)('%s: what fails when its time is up is answered %i times by a fallback', async (how, answers) => {
  const { clock, own } = world();
  let answered = 0;
  const call = stacks[how]?.(
    timeout({ ms: 50, ...own }),
    fallback(async () => `spare ${++answered}`, own),
  )(() => new Promise((_, reject) => clock.setTimeout(() => reject(new Error('late')), 100)));
  const outcome = call?.().catch((error: { code?: string }) => error.code);
  await clock.advance(1_000);

  expect([await outcome, answered]).toEqual(['ERR_TIMEOUT', answers]);
});

test.each([
  ['fused', 'at once, with its own error', 'down', 0],
  ['nested', 'at the deadline', expect.stringContaining('exceeded its 50 ms'), 50],
] as const)('%s: a call with no time left for another attempt fails %s', async (how, _, message, afterMs) => {
  const { clock, own } = world();
  const call = stacks[how]?.(
    deadline({ ms: 50, ...own }),
    retryWithBackoff({ baseDelayMs: 100, jitter: 'none', ...own }),
  )(async () => {
    throw new Error('down');
  });
  const failure = call?.().catch((error: Error) => [error.message, clock.now() - begunAt]);
  const begunAt = clock.now();
  await clock.advance(1_000);

  expect(await failure).toEqual([message, afterMs]);
});

describe.each([
  ['fused', 1],
  ['nested', 2],
] as const)('%s: whoever waits in a queue', (how, runs) => {
  test(`${how === 'fused' ? 'leaves it' : 'stays in it'} when its time is up`, async () => {
    const { clock, own } = world();
    let ran = 0;
    const call = stacks[how]?.(
      timeout({ ms: 50, grace: 'detach', ...own }),
      bulkhead({ maxConcurrent: 1, maxQueue: 1, ...own }),
    )(async () => {
      ran++;
      await new Promise<void>((resolve) => clock.setTimeout(resolve, 100));
      return 'done';
    });
    const outcomes = Promise.allSettled([call?.(), call?.()]);
    await clock.advance(1_000);
    await outcomes;

    expect(ran).toBe(runs);
  });
});

describe.each([
  ['fused', true],
  ['nested', false],
] as const)('%s: a run that callers share', (how, aborted) => {
  test(`${aborted ? 'is aborted' : 'goes on'} when the time of them all is up`, async () => {
    const { clock, own } = world();
    let signal: AbortSignal | undefined;
    const call = stacks[how]?.(
      timeout({ ms: 50, ...own }),
      coalesce(own),
    )(() => {
      ({ signal } = callContext());
      return new Promise(() => {});
    });
    const outcomes = Promise.allSettled([call?.(), call?.()]);
    await clock.advance(50);
    await outcomes;

    expect(signal?.aborted).toBe(aborted);
  });
});

test.each([
  ['fused', 1, ['quote', 'quote']],
  ['nested', 2, ['quote', 'anonymous']],
] as const)('%s: what is told of a call bears %i of ids, and the names %j', async (how, ids, sites) => {
  const { clock, registry, own } = world();
  const heard: { callId?: string | undefined; site?: string | undefined }[] = [];
  for (const type of ['call:retry', 'call:fallback'] as const) registry.on(type, (event) => void heard.push(event));
  const retry = retryWithBackoff({ maxAttempts: 2, baseDelayMs: 10, ...own });
  const call = stacks[how]?.(
    fallback.value('spare', own),
    retry,
  )(async function quote() {
    throw new Error('down');
  });
  const outcome = call?.();
  await clock.advance(100);

  expect(await outcome).toBe('spare');
  expect(heard.map(({ site }) => site)).toEqual(sites);
  expect(new Set(heard.map(({ callId }) => callId)).size).toBe(ids);
});
