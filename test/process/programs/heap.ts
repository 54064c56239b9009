import {
  cached,
  callContext,
  circuitBreaker,
  compose,
  fallback,
  Registry,
  retryWithBackoff,
  timed,
  timeout,
} from '../../../src/index.js';

// 10 000 wrapped functions that go, and 1 000 000 calls: the heap is as large afterwards as before.
console.log('begun');
const collect = (globalThis as { gc?: () => void }).gc as () => void;
const heapMb = async (): Promise<number> => {
  for (let round = 0; round < 4; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
  return process.memoryUsage().heapUsed / 1_048_576;
};
const stack = (registry: Registry) =>
  compose(
    timed({ registry }),
    fallback(async () => -1, { registry }),
    cached({ registry, key: () => 'one', ttlMs: 1 }),
    circuitBreaker({ registry, failureThreshold: 1_000_000_000 }),
    retryWithBackoff({ registry, maxAttempts: 2, baseDelayMs: 0 }),
    timeout({ registry, ms: 1_000 }),
  );

async function wrapMany(): Promise<void> {
  const registry = new Registry();
  const policy = stack(registry);
  for (let wrapped = 0; wrapped < 10_000; wrapped++) await policy(async (n: number) => n + wrapped)(1);
  await registry.close();
}

const registry = new Registry();
const guarded = compose(
  timed({ registry }),
  fallback(async () => -1, { registry }),
  circuitBreaker({ registry, failureThreshold: 1_000_000_000 }),
  retryWithBackoff({ registry, maxAttempts: 2, baseDelayMs: 0 }),
  timeout({ registry, ms: 1_000 }),
)(async (n: number) => {
  if (n % 1_000 === 0) throw Object.assign(new Error('bad'), { code: 'ECONNRESET' });
  if (n % 100 === 0) void callContext().signal;
  return n;
});
const light = compose(timed({ registry }), circuitBreaker({ registry }))((n: number) => n);

async function callMany(calls: number): Promise<void> {
  for (let n = 1; n <= calls; n += 100) {
    await Promise.all(Array.from({ length: 50 }, (_, index) => guarded(n + index)));
    for (let index = 0; index < 50; index++) light(n + index);
  }
}

await wrapMany();
await callMany(20_000);
const before = await heapMb();
await wrapMany();
const wrapped = await heapMb();
await callMany(1_000_000);
const called = await heapMb();
console.log(JSON.stringify({ before, wrapped, called }));
