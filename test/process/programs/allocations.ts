import {
  adaptiveLimit,
  batched,
  bulkhead,
  cached,
  chaos,
  circuitBreaker,
  coalesce,
  compose,
  deadLetter,
  deadline,
  fallback,
  hedge,
  invalidates,
  rateLimit,
  Registry,
  retryWithBackoff,
  shed,
  timed,
  timeout,
} from '../../../src/index.js';

// The bytes that a call which succeeds takes above the bare one, as JSON. No collection runs while it counts.
type Call = (x: number) => Promise<number>;
type SyncCall = (x: number) => number;

const registry = new Registry();
const bare: Call = async (x) => x;
const protectedBy: Record<string, (fn: Call) => Call> = {
  circuitBreaker: circuitBreaker({ registry }),
  retryWithBackoff: retryWithBackoff({ registry }),
  fallback: fallback.value(0, { registry }),
  bulkhead: bulkhead({ registry }),
  rateLimit: rateLimit({ limit: 1_000_000_000, registry }),
  adaptiveLimit: adaptiveLimit({ registry }),
  aimd: adaptiveLimit({ algorithm: 'aimd', registry }),
  shed: shed({ registry }),
  timeout: timeout({ ms: 60_000, registry }),
  deadline: deadline({ ms: 60_000, registry }),
  timed: timed({ registry }),
  cached: cached({ registry }),
  coalesce: coalesce({ registry }),
  hedge: hedge({ delayMs: 60_000, registry }),
  deadLetter: deadLetter({ registry }),
  invalidates: invalidates({ cache: 'prices', pattern: '*', registry }),
  chaos: chaos({ registry }),
  batched: () => batched.single({ maxSize: 1, registry })(async (items: number[]) => items),
  five: compose(
    timed({ registry }),
    fallback.value(0, { registry }),
    circuitBreaker({ registry }),
    retryWithBackoff({ registry }),
    timeout({ ms: 60_000, registry }),
  ),
};

const calls = 2_000;
let loops = 0;
const collect = (globalThis as { gc?: () => void }).gc as () => void;

async function bytesOf(call: Call | SyncCall, how: 'await' | '' = 'await'): Promise<number> {
  const makeCalls = loopOver(call, how);
  const samples: number[] = [];
  // The first rounds are interpreted; once the code is compiled for good, what is never kept is not made.
  for (let sample = 0; sample < 60; sample++) {
    collect();
    const before = process.memoryUsage().heapUsed;
    await makeCalls();
    samples.push((process.memoryUsage().heapUsed - before) / calls);
  }
  return Math.round(Math.min(...samples.slice(-6)));
}

/** A loop with a text of its own: in one that others have used, V8 knows less of the call, and makes more for it. */
function loopOver(call: Call | SyncCall, how: 'await' | ''): () => Promise<void> {
  const text = `return async function calls${++loops}() {
    for (let index = 0; index < ${calls}; index++) ${how} call(1);
  };`;
  return new Function('call', text)(call) as () => Promise<void>;
}

const unit = await bytesOf(async (x) => x);
const bytes: Record<string, number> = { bare: unit };
for (const [name, protect] of Object.entries(protectedBy)) bytes[name] = (await bytesOf(protect(bare))) - unit;
const synchronous: SyncCall = (x) => x;
bytes['synchronous circuitBreaker'] = await bytesOf(circuitBreaker({ name: 'sync', registry })(synchronous), '');
process.stdout.write(JSON.stringify(bytes));
await registry.close();
