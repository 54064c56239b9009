import { DeadLetterQueue, Registry, registry, SendBuffer } from '../../src/index.js';
import { FileBufferStore, FileDeadLetterStore, MetricsManager } from '../../src/edges/durable/index.js';

interface Reading {
  celsius: number;
}

const buffer = new SendBuffer<Reading>({ send: async ({ celsius }) => void celsius.toFixed(1) });
const answer: Promise<'sent' | 'buffered'> = buffer.add({ celsius: 21 });
const report: Promise<{ flushed: number; failed: number }> = buffer.flush();
const size: number = buffer.size;
void new SendBuffer<Reading>({
  send: () => {},
  name: 'x',
  registry,
  store: new FileBufferStore<Reading>({ path: 'x' }),
});
// What is sent follows from the function.
const texts = new SendBuffer({ send: (text: string) => text.length });
void texts.add('x');
buffer.enable({ keeps: 'all', reason: 'maintenance', owner: 'ops' });

// @ts-expect-error another item
void buffer.add({ kelvin: 294 });
// @ts-expect-error another item
void texts.add(5);
// @ts-expect-error it needs to know how to send
void new SendBuffer<Reading>({ name: 'x' });
// @ts-expect-error an unknown option
void new SendBuffer<Reading>({ send: () => {}, maxsize: 5 });
// @ts-expect-error items of another sort are stored there
void new SendBuffer<Reading>({ send: () => {}, store: new FileBufferStore<string>({ path: 'x' }) });
// @ts-expect-error it keeps 'failed' or 'all'
buffer.enable({ keeps: 'some' });

// What stands in the registry can be flushed and looked at; the buffer itself is told by its class.
const entry = new Registry().buffers.get('x');
void entry?.flush();
if (entry instanceof SendBuffer) entry.disable();
registry.on('buffer:flushed', ({ flushed, because }) => because.length + flushed);
registry.on('metrics:halfFull', ({ queueSize, maxQueueSize }) => queueSize / maxQueueSize);

void new DeadLetterQueue({ store: new FileDeadLetterStore({ path: 'x', fsync: 'interval', fsyncIntervalMs: 100 }) });
// @ts-expect-error a file needs a path
void new FileDeadLetterStore({ fsync: 'always' });

async function metrics(): Promise<void> {
  await using manager = new MetricsManager({ storagePath: 'x', onFull: 'drop-oldest', retentionDays: Infinity });
  await manager.start();
  await manager.recordOperation({ operationType: 'a', operationName: 'b', durationMs: 5, metadata: { rows: 1 } });
  const sum: number = manager.trackOperation('a', 'b', () => 1 + 1);
  const rows: Promise<string[]> = manager.trackOperation('a', 'b', async () => ['x'], { metadata: { hit: true } });
  const { avgBatchSize, lastFlushAt }: { avgBatchSize: number; lastFlushAt: number | null } = manager.stats();
  await manager.erase({ from: '2026-01-01', to: new Date(), reason: 'a request' });
  // @ts-expect-error a duration is needed
  await manager.recordOperation({ operationType: 'a', operationName: 'b' });
  // @ts-expect-error an unknown way to be full
  void new MetricsManager({ storagePath: 'x', onFull: 'explode' });
  void [sum, rows, avgBatchSize, lastFlushAt];
}
void [answer, report, size, metrics];
