import { streamPages } from '../../../src/index.js';

// 1 000 000 items, made as they are asked for: the heap is as large in the middle, and at the end, as after the first few.
console.log('begun');
const collect = (globalThis as { gc?: () => void }).gc as () => void;
const heapMb = (): number => {
  collect();
  return process.memoryUsage().heapUsed / 1_048_576;
};
const COUNT = 1_000_000;
const fetchPage = async ({ offset, limit }: { offset: number; limit: number }) =>
  Array.from({ length: Math.min(limit, COUNT - offset) }, (_, index) => ({
    id: offset + index,
    name: `host ${offset + index}`,
    tags: ['a', 'b'],
  }));

for (const concurrency of [1, 5]) {
  let items = 0;
  const heaps: number[] = [];
  for await (const batch of streamPages(fetchPage, { batchSize: 1_000, concurrency })) {
    items += batch.items.length;
    if (batch.batchNumber % 250 === 10) heaps.push(heapMb());
  }
  console.log(JSON.stringify({ items, heaps }));
}
