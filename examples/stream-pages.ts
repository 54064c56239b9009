import { mixin, type PageRequest, Registry, StreamingMixin, streamPages } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock, random: () => 0 });
const hosts = Array.from({ length: 250 }, (_, index) => `web${index + 1}`);

// The next page is fetched while one is worked on, and no more than that.
for await (const { items, batchNumber, hasMore } of streamPages(
  async ({ offset, limit }) => hosts.slice(offset, offset + limit), // by offset: a page shorter than limit is the last
)) {
  console.log(batchNumber, items.length, hasMore);
}
// → 1 100 true
// → 2 100 true
// → 3 50 false

// By cursor. A page that fails is tried again; one that cannot be had ends the stream, which can be taken up again.
let isDown = true;
async function byCursor({ cursor, limit }: PageRequest) {
  const from = Number(cursor ?? 0);
  if (from === 100 && isDown) throw new Error('503');
  return { items: hosts.slice(from, from + limit), nextCursor: from + limit < 250 ? `${from + limit}` : null };
}

registry.on('call:retry', ({ name, attempt }) => console.log(`${name}: attempt ${attempt} failed`));
const stream = streamPages(byCursor, { maxRetries: 1, registry });
try {
  for await (const { checkpoint } of stream) console.log(JSON.stringify(checkpoint));
} catch (error) {
  console.log(`${error}`);
}
// → {"offset":100,"page":2,"cursor":"100","batchSize":100,"batchNumber":1}
// → byCursor: attempt 1 failed
// → Error: 503
isDown = false;
for await (const { items, batchNumber } of streamPages(byCursor, { resumeFrom: stream.checkpoint })) {
  console.log(batchNumber, items[0], items.length);
}
// → 2 web101 100
// → 3 web201 50

// In a service class, with a batch size for the class and one for an instance.
class BaseService {}
class HostService extends mixin(BaseService, StreamingMixin) {
  static override defaultBatchSize = 200;
  all() {
    return this.streamPaginated(({ offset, limit }) => hosts.slice(offset, offset + limit));
  }
}
const service = new HostService();
for await (const { items } of service.all()) console.log(items.length);
// → 200
// → 50
service.defaultBatchSize = 125;
for await (const { items } of service.all()) console.log(items.length);
// → 125
// → 125
