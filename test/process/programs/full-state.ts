import { setTimeout as delay } from 'node:timers/promises';
import { cached, circuitBreaker, deadLetter, registry, timed } from '../../../src/index.js';

// Everything that a program may leave behind: an open breaker, a full cache, kept calls, timings. It must end by itself.
console.log('begun');
const failing = circuitBreaker({ name: 'down', failureThreshold: 2 })(async () => {
  throw new Error('down');
});
const kept = cached({ name: 'full', maxEntries: 100, ttlMs: 3_600_000 })(async (n: number) => n);
const letters = deadLetter({ name: 'letters' })(timed()(async (n: number) => Promise.reject(new Error(`no ${n}`))));

for (let calls = 0; calls < 5; calls++) await failing().catch(() => {});
for (let n = 0; n < 200; n++) await kept(n);
for (let n = 0; n < 10; n++) await letters(n).catch(() => {});
await delay(5);

const { breakers, caches, deadLetters } = registry.snapshot();
console.log(JSON.stringify({ breakers, caches, deadLetters }));
