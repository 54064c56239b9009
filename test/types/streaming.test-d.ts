import { expectTypeOf } from 'vitest';
import {
  type Checkpoint,
  type Constructor,
  type Mixin,
  mixin,
  type PageBatch,
  type PageRequest,
  StreamingMixin,
  streamPages,
} from '../../src/index.js';

interface Host {
  name: string;
}
declare const hosts: Host[];
declare function fetchHosts(offset: number, limit: number): Promise<Host[]>;

// Items are known from what the source gives: an array or a page, at once or later.
for await (const batch of streamPages(async ({ offset, limit, signal }) => {
  expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
  return fetchHosts(offset, limit);
})) {
  expectTypeOf(batch).toEqualTypeOf<PageBatch<Host>>();
  expectTypeOf(batch.items[0]).toEqualTypeOf<Host | undefined>();
  expectTypeOf(batch.checkpoint).toEqualTypeOf<Checkpoint>();
}
for await (const { items } of streamPages(({ page }) => ({ items: hosts.slice(page), total: 5 }))) {
  expectTypeOf(items).toEqualTypeOf<readonly Host[]>();
}
for await (const { items } of streamPages(async ({ cursor }) => {
  expectTypeOf(cursor).toEqualTypeOf<string | undefined>();
  return { items: [1, 2], nextCursor: cursor === undefined ? 'next' : null };
})) {
  expectTypeOf(items).toEqualTypeOf<readonly number[]>();
}

// A cursor of another type is said where it is taken.
const byId = streamPages(async ({ cursor = 0 }: PageRequest<number>) => ({ items: hosts, nextCursor: cursor + 1 }), {
  resumeFrom: { cursor: 5 },
  onError: ({ cursor }) => {
    expectTypeOf(cursor).toEqualTypeOf<number | undefined>();
    return 'skip';
  },
});
expectTypeOf(byId.checkpoint.cursor).toEqualTypeOf<number | undefined>();

// @ts-expect-error a source gives items
streamPages(async () => 5);
// @ts-expect-error of another type than is taken
streamPages(async (_: PageRequest<number>) => ({ items: hosts, nextCursor: 'text' }));
// @ts-expect-error how often is `maxRetries`
streamPages(async () => hosts, { retry: { maxAttempts: 3 } });
// @ts-expect-error no such choice
streamPages(async () => hosts, { onError: 'ignore' });

abstract class BaseService {
  readonly url: string;
  constructor(url: string) {
    this.url = url;
  }
  static named(): string {
    return '';
  }
}
declare const Counting: Mixin<{ count(): number }, { made: Date }>;

class HostService extends mixin(BaseService, StreamingMixin, Counting) {
  static override defaultBatchSize = 500;
  override defaultBatchSize = 50;
  hosts() {
    return this.streamPaginated(({ offset, limit }) => fetchHosts(offset, limit), { prefetch: 2 });
  }
}
const service = new HostService('http://here');
expectTypeOf(service.url).toEqualTypeOf<string>();
expectTypeOf(service.count()).toEqualTypeOf<number>();
expectTypeOf(HostService.made).toEqualTypeOf<Date>();
expectTypeOf(HostService.named()).toEqualTypeOf<string>();
for await (const batch of service.hosts()) expectTypeOf(batch).toEqualTypeOf<PageBatch<Host>>();

// @ts-expect-error the base's own parameters
void new HostService();
// @ts-expect-error no class
mixin({}, StreamingMixin);
// @ts-expect-error no mixin
mixin(BaseService, 'streaming');
// @ts-expect-error a number of items
service.defaultBatchSize = '5';
expectTypeOf<typeof HostService>().toExtend<Constructor<BaseService>>();
