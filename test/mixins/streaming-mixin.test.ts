import { describe, expect, test } from 'vitest';
import type { PageRequest } from '../../src/batch/page-source.js';
import { mixin } from '../../src/mixins/mixin.js';
import { StreamingMixin } from '../../src/mixins/streaming-mixin.js';
import { heard, itemsOf, numbers } from '../batch/sources.js';

class BaseService {
  readonly all = numbers(1_000);
}

class HostService extends mixin(BaseService, StreamingMixin) {
  limits: number[] = [];
  async page({ offset, limit }: PageRequest): Promise<number[]> {
    this.limits.push(limit);
    return this.all.slice(offset, offset + limit);
  }
  hosts(options = {}) {
    return this.streamPaginated(this.page, options);
  }
}

describe('StreamingMixin', () => {
  test('streams pages, with the service as `this` of the function that fetches', async () => {
    const service = new HostService();

    expect(await itemsOf(service.hosts())).toEqual(numbers(1_000));
    expect(new Set(service.limits)).toEqual(new Set([100]));
  });

  test('has a batch size for each class, which a subclass inherits', async () => {
    class Large extends HostService {
      static override defaultBatchSize = 500;
    }
    class Larger extends Large {}
    const [large, larger, plain] = [new Large(), new Larger(), new HostService()];

    for (const service of [large, larger, plain]) await service.hosts().next();

    expect([large, larger, plain].map(({ limits }) => limits[0])).toEqual([500, 500, 100]);
    expect([large, larger, plain].map(({ defaultBatchSize }) => defaultBatchSize)).toEqual([500, 500, 100]);
  });

  test('has one for each instance, set or declared', async () => {
    class Small extends HostService {
      override defaultBatchSize = 20;
    }
    const [set, other, declared] = [new HostService(), new HostService(), new Small()];
    set.defaultBatchSize = 250;

    for (const service of [set, other, declared]) await service.hosts().next();
    set.defaultBatchSize = 10;
    await set.hosts().next();

    expect(set.limits.filter((limit, index, all) => limit !== all[index - 1])).toEqual([250, 10]);
    expect([other.limits[0], declared.limits[0]]).toEqual([100, 20]);
  });

  test('follows the class as long as nothing is set', () => {
    class Own extends HostService {}
    const service = new Own();
    Own.defaultBatchSize = 7;

    expect(service.defaultBatchSize).toBe(7);
    expect(new HostService().defaultBatchSize).toBe(100);
  });

  test('gives way to the stream itself, and to the checkpoint of one that is resumed', async () => {
    const service = new HostService();
    await service.hosts({ batchSize: 30 }).next();
    await service.hosts({ resumeFrom: { offset: 40, page: 3, batchSize: 20 } }).next();

    expect([service.limits[0], service.limits.at(-1)]).toEqual([30, 20]);
  });

  test('names its streams by class and function, unless they have a name', async () => {
    const { registry, events } = heard();
    const service = new HostService();
    service.page = async function page() {
      throw new Error('down');
    };
    const options = { registry, maxRetries: 1, retry: { baseDelayMs: 0 } };

    await itemsOf(service.hosts(options)).catch(() => {});
    await itemsOf(service.streamPaginated(async () => service.page({} as PageRequest), options)).catch(() => {});
    await itemsOf(service.hosts({ ...options, name: 'hosts' })).catch(() => {});

    const names = events.filter(({ type }) => type === 'call:exhausted').map(({ name }) => name);
    expect(names).toEqual(['HostService.page', 'HostService.streamPaginated', 'hosts']);
  });

  test('refuses a batch size that is none, and what does not fetch', () => {
    const service = new HostService();
    service.defaultBatchSize = 0;

    expect(() => service.hosts()).toThrow('streamPages: `batchSize` takes a whole number from 1, got 0');
    expect(() => service.streamPaginated(undefined as never)).toThrow('streamPages takes a function');
  });
});
