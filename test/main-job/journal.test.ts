import { beforeEach, expect, test } from 'vitest';
import { Registry } from '../../examples/main-job/holdfast.js';
import { Journal } from '../../examples/main-job/journal.js';

const source = { kind: 'circuitBreaker', name: 'quotes-api', site: 'Quotes.price' };
let registry: Registry;
let journal: Journal;
beforeEach(() => {
  registry = new Registry();
  journal = new Journal(registry);
});

function retry(code: string): void {
  registry.emit('call:retry', source, { attempt: 1, delayMs: 5, error: Object.assign(new Error('x'), { code }) });
}

test('every event is counted, told of or not', () => {
  retry('ECONNRESET');
  retry('ECONNRESET');
  registry.emit('cache:miss', source, { key: 'AAPL', shared: false });

  expect(journal.count('call:retry')).toBe(2);
  expect(journal.count('cache:miss')).toBe(1);
  expect(journal.count('cache:hit')).toBe(0);
});

test('why a breaker is where it is stays known', () => {
  expect(journal.reasonOf('quotes-api')).toBeUndefined();

  const numbers = { consecutiveFailures: 5, failureRate: 1 };
  registry.emit('breaker:state', source, { from: 'closed', to: 'open', reason: '5 failures in a row', ...numbers });

  expect(journal.reasonOf('quotes-api')).toBe('5 failures in a row');
});

test('a closed journal hears nothing more', () => {
  journal.close();
  retry('EPIPE');

  expect(journal.count('call:retry')).toBe(0);
});
