// Plain JavaScript: every policy of the first issue as a wrapper, and the registry that they share.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import {
  cached,
  callContext,
  circuitBreaker,
  compose,
  fallback,
  isResilienceError,
  Registry,
  registry,
  retryWithBackoff,
  SendBuffer,
  timed,
  timeout,
} from 'holdfast';
import { applyConfig, loadConfig } from 'holdfast/config';
import { FileBufferStore, MetricsManager } from 'holdfast/durable';
import { HoldfastModule } from 'holdfast/nest';
import { ManualClock } from 'holdfast/testing';
import { throttle } from 'holdfast/throttle';

let runs = 0;
const price = compose(
  timed({ name: 'price' }),
  fallback((symbol) => ({ symbol, price: null, reason: callContext().error.message })),
  cached({ ttlMs: 5_000 }),
  circuitBreaker({ name: 'quotes-api', failureThreshold: 2 }),
  retryWithBackoff({ maxAttempts: 2, baseDelayMs: 1 }),
  timeout({ ms: 1_000 }),
)(async function price(symbol) {
  runs++;
  if (symbol === 'DOWN') throw new Error('down');
  if (callContext().attempt === 1) throw new Error('flaky');
  return { symbol, price: 42 };
});

assert.equal(price.name, 'price');
assert.equal(price.length, 1);
assert.deepEqual(await price('ACME'), { symbol: 'ACME', price: 42 });
assert.deepEqual(await price('ACME'), { symbol: 'ACME', price: 42 });
assert.equal(runs, 2, 'the second call is answered by the cache');
assert.deepEqual(await price('DOWN'), { symbol: 'DOWN', price: null, reason: 'down' });
await price('DOWN');
assert.equal(registry.breakers.get('quotes-api')?.state, 'open');
assert.equal(JSON.parse(JSON.stringify(registry.snapshot())).breakers['quotes-api'].state, 'open');

const clock = new ManualClock();
const slow = timeout({ ms: 100, registry: new Registry({ clock }) })(() => new Promise(() => undefined));
const late = assert.rejects(slow(), (error) => isResilienceError(error) && error.code === 'ERR_TIMEOUT');
await clock.advance(100);
await late;

assert.throws(() => timeout({ ms: -1 }), RangeError);
assert.throws(() => timeout({ mss: 1 }), /`ms`/);
const buffer = new SendBuffer({
  name: 'readings',
  send: async () => {},
  store: new FileBufferStore({ path: 'readings.log' }),
});
buffer.enable({ keeps: 'all' });
assert.equal(await buffer.add({ celsius: 21 }), 'buffered');
const metrics = new MetricsManager({ storagePath: 'metrics' });
await metrics.start();
assert.equal(
  metrics.trackOperation('computation', 'sum', () => 1 + 1),
  2,
);
assert.equal(applyConfig({ policies: { price: { timeout: { ms: 500 } } } }, { env: {} }).changed.length, 1);
writeFileSync('holdfast.json', '{ "caching": { "default_ttl": 600 } }');
const config = await loadConfig('holdfast.json', { env: {} });
assert.deepEqual(config.report.changed.at(0), { path: 'caching.ttlMs', from: undefined, to: 600_000 });
await registry.close();
assert.equal(buffer.size, 0);
assert.equal(metrics.stats().totalPersisted, 1);

// Optional packages are not installed here: their edges can be loaded all the same, and say what to do.
await assert.rejects(HoldfastModule.forRoot(), /npm install @nestjs\/common @nestjs\/core reflect-metadata/);
writeFileSync('holdfast.yaml', '');
await assert.rejects(loadConfig('holdfast.yaml', { registry: new Registry() }), /npm install yaml/);
assert.throws(() => throttle({ maxConcurrent: 1 }), /npm install bottleneck/);
process.stdout.write('ok\n');
