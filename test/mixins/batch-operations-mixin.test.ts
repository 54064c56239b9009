import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { BatchOperationsMixin } from '../../src/mixins/batch-operations-mixin.js';
import { mixin } from '../../src/mixins/mixin.js';
import type { BatchProcessorOptions } from '../../src/registry/batch-processor.js';
import { Registry } from '../../src/registry/registry.js';
import { numbers } from '../batch/sources.js';

class BaseService {
  readonly factor: number = 10;
}

/** A service class, with a clock of its own. */
function world(options: BatchProcessorOptions = {}) {
  const clock = new ManualClock({ wallMs: 36 ** 4 });
  const registry = new Registry({ clock, random: () => 0 });
  class HostService extends mixin(BaseService, BatchOperationsMixin) {
    static override batchOptions: BatchProcessorOptions = { registry, ...options };
    running = 0;
    most = 0;
    multiply(item: number): number {
      return item * this.factor;
    }
    async slowly(item: number): Promise<number> {
      this.most = Math.max(this.most, ++this.running);
      await new Promise<void>((resolve) => clock.setTimeout(resolve, 100));
      this.running--;
      return item;
    }
  }
  return { clock, registry, HostService };
}

describe.each(['batchCreate', 'batchUpdate', 'batchDelete'] as const)('%s', (method) => {
  const verb = method.slice('batch'.length).toLowerCase();

  test('has a result for each item, with the service as `this` of the function', async () => {
    const { HostService } = world();
    const service = new HostService();

    const { items, progress } = await service[method]([1, 2], service.multiply);

    expect(items.map((item) => (item as { value: number }).value)).toEqual([10, 20]);
    expect(progress).toMatchObject({ total: 2, success: 2 });
  });

  test('names the batch for what it does to what, unless it has a name', async () => {
    const service = new (world().HostService)();
    const idOf = async (options: object) => (await service[method]([], service.multiply, options)).batchId;

    expect(await idOf({ resourceType: 'host' })).toBe(`host-${verb}-10000-000000`);
    expect(await idOf({})).toBe('batch-10000-000000');
    expect(await idOf({ resourceType: 'host', batchId: 'mine' })).toBe('mine');
    expect(await idOf({ resourceType: 'host', resumeFrom: { batchId: 'first', items: [] } })).toBe('first');
  });

  test('refuses what is no function, and a type that is no text', async () => {
    const service = new (world().HostService)();

    await expect(service[method]([], 5 as never)).rejects.toThrow(`${method} takes a function for each item, got 5`);
    const call = service[method]([], service.multiply, { resourceType: '' });
    await expect(call).rejects.toThrow('BatchOperationsMixin: `resourceType` takes a text, got ""');
  });
});

describe('BatchOperationsMixin', () => {
  test('holds its limits for all batches of an instance, and for each instance alone', async () => {
    const { clock, HostService } = world({ maxConcurrent: 3 });
    const [service, other] = [new HostService(), new HostService()];
    const calls = [
      service.batchCreate(numbers(5), service.slowly),
      service.batchDelete(numbers(5), service.slowly),
      other.batchUpdate(numbers(3), other.slowly),
    ];
    await clock.advance(400);
    await Promise.all(calls);

    expect([service.most, other.most]).toEqual([3, 3]);
  });

  test('goes by the options of the class, which a subclass inherits or replaces', async () => {
    const { clock, registry, HostService } = world({ maxConcurrent: 2 });
    class Same extends HostService {}
    class Wide extends HostService {
      static override batchOptions: BatchProcessorOptions = { registry, maxConcurrent: 4 };
    }
    const services = [new Same(), new Wide()];
    const calls = services.map((service) => service.batchCreate(numbers(4), service.slowly));
    await clock.advance(200);
    await Promise.all(calls);

    expect(services.map(({ most }) => most)).toEqual([2, 4]);
  });

  test('tells of retries under the name of the class', async () => {
    const { clock, registry, HostService } = world({ maxRetries: 1 });
    const heard: string[] = [];
    registry.on('call:retry', ({ kind, name }) => heard.push(`${kind} ${name}`));
    const call = new HostService().batchCreate([1], () => Promise.reject(new Error('503')));
    await clock.advance(1_000);

    expect((await call).progress.failed).toBe(1);
    expect(heard).toEqual(['batchProcessor HostService']);
  });
});
