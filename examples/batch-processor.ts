import { BatchOperationsMixin, BatchProcessor, type BatchProgress, mixin, Registry } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock, random: () => 0 });
const hosts = Array.from({ length: 20 }, (_, index) => ({ name: `web${index + 1}`, cpus: index === 4 ? 0 : 2 }));

// An API that takes 100 ms: web7 answers 503 once, and web9 does not exist.
let isBusy = true;
async function createHost({ name }: { name: string }) {
  await new Promise<void>((resolve) => clock.setTimeout(resolve, 100));
  if (name === 'web7' && isBusy) throw Object.assign(new Error('busy'), { status: 503 });
  if (name === 'web9') throw Object.assign(new Error('no such host'), { status: 404 });
  return `id of ${name}`;
}

// A progress bar; on a terminal, `process.stdout.write` with '\r' before it keeps it on one line.
function bar({ completed, total, itemsPerSecond, etaMs }: BatchProgress): string {
  const share = total ? completed / total : 0;
  const filled = Math.round(share * 20);
  const rest = etaMs === null ? '' : `, ${(etaMs / 1_000).toFixed(1)} s left`;
  return `[${'#'.repeat(filled)}${'.'.repeat(20 - filled)}] ${completed}/${total}, ${Math.round(itemsPerSecond)}/s${rest}`;
}

const processor = new BatchProcessor<{ name: string; cpus: number }, string>({ maxConcurrent: 5, registry });
const batch = processor.process(hosts, createHost, {
  batchId: 'host-import',
  validate: ({ cpus }) => cpus > 0 || 'it has no cpus', // all are looked at before the first is created
  onProgress: (progress) => {
    if (progress.completed % 5 === 0) console.log(bar(progress));
  },
});
await clock.advance(200);
isBusy = false;
await clock.advance(10_000);
// → [#####...............] 5/20, 40/s, 0.4 s left
// → [##########..........] 10/20, 40/s, 0.3 s left
// → [###############.....] 15/20, 47/s, 0.1 s left
// → [####################] 20/20, 22/s, 0.0 s left

const result = await batch;
console.log(result.batchId, result.status, JSON.stringify(result.progress));
for (const item of result.items) {
  if (item.status !== 'success') console.log(item.index, item.status, `${item.error}`);
  else if (item.attempts > 1) console.log(item.index, item.value, `${item.attempts} attempts`);
}
// → x

// The batch is taken up again from its result: what was good is not run a second time.
const rest = processor.process(hosts, async ({ name }) => `id of ${name}, by hand`, { resumeFrom: result });
await clock.advance(0);
const { items, progress } = await rest;
console.log(progress.success, JSON.stringify(items[8]));
// → x

// A source of unknown length: items are asked for as there is room, and each outcome is given as it comes.
async function* names() {
  for (let id = 1; id <= 100_000; id++) yield `host ${id}`;
}
const lengths = new BatchProcessor<string, number>({ rateLimit: Infinity, registry });
let sum = 0;
for await (const { item, result } of lengths.stream(names(), (name) => name.length)) {
  if (result.status === 'success') sum += result.value;
  if (item === 'host 1000') break; // cancels the rest
}
console.log(sum);
// → x

// What failed may be tried again all together, after 1 s, 2 s, 4 s …
const rounds = new BatchProcessor<string, string>({ maxRetries: 0, maxRounds: 4, registry });
let outages = 2;
const sending = rounds.process(['a', 'b'], (metric) => {
  if (metric === 'b' && outages-- > 0) throw new Error('down');
  return 'sent';
});
await clock.advance(3_000);
console.log(JSON.stringify((await sending).items[1]));
// → x

// In a service class.
class BaseService {}
class HostService extends mixin(BaseService, BatchOperationsMixin) {
  static override batchOptions = { maxConcurrent: 20, rateLimit: 100, registry };
  removeAll(ids: string[]) {
    return this.batchDelete(ids, (id) => `${id} is gone`, { resourceType: 'host' });
  }
}
const removed = await new HostService().removeAll(['web1', 'web2']);
console.log(removed.batchId.startsWith('host-delete-'), removed.progress.success);
// → x
