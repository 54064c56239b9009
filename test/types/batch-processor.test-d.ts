import { expectTypeOf } from 'vitest';
import {
  type BatchItem,
  BatchOperationsMixin,
  BatchProcessor,
  type BatchResult,
  mixin,
  type RetryBudget,
} from '../../src/index.js';

interface HostData {
  name: string;
}
interface Host extends HostData {
  id: number;
}
declare const data: HostData[];
declare const later: AsyncIterable<HostData>;
declare function create(host: HostData): Promise<Host>;
declare const budget: RetryBudget;

const processor = new BatchProcessor<HostData, Host>({ maxConcurrent: 5, retry: { jitter: 'none', budget } });

// A result says which of its two sides it has.
const result = await processor.process(data, create, {
  validate: (host, index) => host.name !== '' && index < 5,
  onProgress: ({ total, etaMs }) => expectTypeOf(total).toEqualTypeOf(etaMs),
});
expectTypeOf(result).toEqualTypeOf<BatchResult<Host>>();
for (const item of result.items) {
  if (item.status === 'success') expectTypeOf(item.value).toEqualTypeOf<Host>();
  else expectTypeOf(item.error).toEqualTypeOf<unknown>();
}
await processor.process(later, create, { resumeFrom: result, keep: 'failed' });
for await (const outcome of processor.stream(new Set(data), create)) {
  expectTypeOf(outcome.item).toEqualTypeOf<HostData>();
  expectTypeOf(outcome.result).toEqualTypeOf<BatchItem<Host>>();
}

// @ts-expect-error another item
void processor.process([5], create);
// @ts-expect-error another value
void processor.process(data, (host) => host.name);
// @ts-expect-error how often is `maxRetries`
void new BatchProcessor({ retry: { maxAttempts: 3 } });
// @ts-expect-error it keeps nothing
processor.stream(data, create, { keep: 'all' });
// @ts-expect-error a failed item has no value
result.items.map((item) => item.value);

class BaseService {
  readonly url = 'http://here';
}
class HostService extends mixin(BaseService, BatchOperationsMixin) {
  static override batchOptions = { maxConcurrent: 20 };
  createAll() {
    return this.batchCreate(data, create, { resourceType: 'host' });
  }
}
const service = new HostService();
expectTypeOf(service.createAll()).toEqualTypeOf<Promise<BatchResult<Host>>>();
expectTypeOf(service.batchDelete(['a'], (name) => name.length)).toEqualTypeOf<Promise<BatchResult<number>>>();
// @ts-expect-error no function
void service.batchUpdate(data, 5);
