import { expect, test } from 'vitest';
import { Registry } from '../../examples/main-job/holdfast.js';
import { lastDecisions } from '../../examples/main-job/last-decisions.js';

const source = { kind: 'retry', name: 'Quotes.price', site: 'Quotes.price' };

test('decisions of one sort are told once: the last of them, with how many there were', () => {
  const registry = new Registry();
  const retry = (attempt: number) =>
    registry.emit('call:retry', source, {
      attempt,
      delayMs: 5,
      error: Object.assign(new Error('x'), { code: 'EPIPE' }),
    });
  retry(1);
  registry.emit('retry:budgetEmpty', source, { attempt: 1 });
  retry(2);

  expect(lastDecisions(registry, 5)).toEqual([
    {
      at: expect.any(Number),
      text: 'Quotes.price: not retried: the retry budget is empty after attempt 1',
      times: 1,
    },
    {
      at: expect.any(Number),
      text: 'Quotes.price: retried: attempt 2 failed with EPIPE; attempt 3 after 5 ms',
      times: 2,
    },
  ]);
  expect(lastDecisions(registry, 1)).toHaveLength(1);
});

test('a breaker is named once', () => {
  const registry = new Registry();
  const numbers = { consecutiveFailures: 5, failureRate: 1, retryAfterMs: 2_000 };
  const from = { kind: 'circuitBreaker', name: 'quotes-api', site: 'quotes-api' };
  registry.emit('breaker:state', from, { from: 'closed', to: 'open', reason: '5 failures in a row', ...numbers });

  expect(lastDecisions(registry, 1)).toMatchObject([
    { text: 'circuit quotes-api: closed → open after 5 failures in a row; next probe in 2 s' },
  ]);
});
