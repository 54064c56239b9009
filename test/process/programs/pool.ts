import { ResourcePool } from '../../../src/index.js';

// Idle resources, eviction and checks hold nobody up; a caller in line is not cut off.
console.log('begun');
const pool = new ResourcePool({ create: () => ({}), validate: () => true, maxSize: 1, minSize: 1, name: 'idle' });
await pool.use(() => {});
const held = await pool.acquire();
const failure = await pool.acquire({ timeoutMs: 150 }).catch((error: { code: string }) => error.code);
console.log(failure);
pool.release(held);

const hanging = new ResourcePool({
  create: () => new Promise(() => {}),
  acquireTimeoutMs: 50,
  createTimeoutMs: 60_000,
});
console.log(await hanging.acquire().catch((error: { code: string }) => error.code));

const wedged = new ResourcePool({
  create: () => ({}),
  destroy: () => new Promise(() => {}),
  drainTimeoutMs: 50,
  destroyTimeoutMs: 50,
});
await wedged.acquire();
await wedged.close();
console.log(JSON.stringify({ idle: pool.snapshot().idle, left: wedged.snapshot().size }));
