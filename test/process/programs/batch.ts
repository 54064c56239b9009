import { BatchProcessor } from '../../../src/index.js';

// Results that nobody keeps take no memory: the heap is as large at the end as after the first few.
console.log('begun');
const collect = (globalThis as { gc?: () => void }).gc as () => void;
const COUNT = 300_000;
async function* source() {
  for (let id = 0; id < COUNT; id++) yield { id, name: `host ${id}`, tags: ['a', 'b'] };
}
const heaps: number[] = [];
const processor = new BatchProcessor<{ id: number; name: string }, string>({ rateLimit: Infinity });
const { progress } = await processor.process(source(), async ({ id, name }) => `${name} is ${id}`, {
  keep: 'none',
  onProgress({ completed }) {
    if (completed % 90_000 !== 10_000) return;
    collect();
    heaps.push(process.memoryUsage().heapUsed / 1_048_576);
  },
});
console.log(JSON.stringify({ success: progress.success, heaps }));
