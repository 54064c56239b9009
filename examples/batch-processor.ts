import { BatchOperationsMixin, BatchProcessor, type BatchProgress, mixin, Registry } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock, random: () => 0 });
const hosts = Array.from({ length: 20 }, (_, index) => ({ name: `web${index + 1}`, cpus: index === 4 ? 0 : 2 }));

// An API that takes 100 ms: web7 answers 503 once, and web9 does not exist.
let isBusy = true;
async function createHost({ name }: { name: string }) {
  await new Promise<void>((resolve) => clock.setTimeout(resolve, 100));
  if (name === 'web9') throw Object.assign(new Error('no such host'), { status: 404 });
  if (name !== 'web7' || !isBusy) return `id of ${name}`;
  isBusy = false;
  throw Object.assign(new Error('busy'), { status: 503 });
}

// A progress bar, in lines; one for a terminal is in host-service/progress-bar.ts.
function draw({ completed, total, itemsPerSecond }: BatchProgress) {
  const filled = Math.round((completed / (total ?? Infinity)) * 20);
  const text = `[${'#'.repeat(filled).padEnd(20, '.')}] ${completed}/${total}, ${Math.round(itemsPerSecond)}/s`;
  if (completed % 10 === 0) console.log(text);
}

const processor = new BatchProcessor<(typeof hosts)[number], string>({ maxConcurrent: 5, registry });
const batch = processor.process(hosts, createHost, {
  batchId: 'import',
  validate: ({ cpus }) => cpus > 0 || 'it has no cpus', // all are looked at before the first is created
  onProgress: draw,
});
await clock.advance(500);
// → [##########..........] 10/20, 45/s
// → [####################] 20/20, 48/s

const result = await batch;
for (const { index, status, attempts } of result.items.slice(3, 9)) console.log(index, status, attempts);
// → 3 success 1
// → 4 skipped 0
// → 5 success 1
// → 6 success 2
// → 7 success 1
// → 8 failed 1

// The batch is taken up again from its result: what was good is not run a second time.
const { progress } = await processor.process(hosts, ({ name }) => `${name}, by hand`, { resumeFrom: result });
console.log(progress.success); // → 20

// An iterable, async ones too, may be endless: it is asked for an item as there is room, and outcomes are given as they come.
for await (const { item, result } of processor.stream(hosts.values(), async ({ name }) => name.toUpperCase())) {
  if (result.status === 'success') console.log(item.name, result.value); // → web1 WEB1
  break; // cancels the rest
}

// In a service class.
class HostService extends mixin(Object, BatchOperationsMixin) {
  static override batchOptions = { maxConcurrent: 20, rateLimit: 100, registry };
}
const removed = await new HostService().batchDelete(['web1'], (name) => `${name} is gone`, { resourceType: 'host' });
console.log(removed.batchId.split('-')[0], removed.progress.success); // → host 1
