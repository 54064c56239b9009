import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HostService } from '../../examples/host-service/host-service.js';
import { HostsApi } from '../../examples/host-service/hosts-api.js';
import { HostsServer } from '../../examples/host-service/hosts-server.js';

const WITHIN_MS = 20_000;

describe('the host service', () => {
  let server: HostsServer;
  let api: HostsApi;
  let service: HostService;
  beforeAll(async () => {
    server = await HostsServer.start();
    api = new HostsApi(server.url);
    service = new HostService(api);
  }, WITHIN_MS);
  afterAll(() => server[Symbol.asyncDispose]());
  const requestsOf = async (run: () => Promise<unknown>) => {
    const before = api.requests;
    await run();
    return api.requests - before;
  };

  test('streams every host once, in order, although pages fail', async () => {
    const names: string[] = [];
    for await (const { items } of service.streamHosts()) names.push(...items.map(({ name }) => name));

    expect(new Set(names).size).toBe(100_000);
    expect([names[0], names[25_000], names[50_000], names.at(-1)]).toEqual([
      'web00000',
      'web25000',
      'web50000',
      'db99999',
    ]);
  });

  test('keeps a list, and a host until it is changed, one by one or in a batch', async () => {
    const host = () => service.getHost('app60000');
    const list = () => service.listHosts('app*');

    expect(await requestsOf(async () => [await host(), await host(), await list(), await list()])).toBe(2);
    expect((await host()).cpus).toBe(2);
    await service.updateHost('app60000', { cpus: 16 });
    expect((await host()).cpus).toBe(16);
    const { progress } = await service.bulkUpdate(['app60000', 'app60001'], { cpus: 32 });
    expect(progress).toMatchObject({ success: 2, failed: 0 });
    expect((await host()).cpus).toBe(32);
  });

  test('does not keep a list that holds a host that was changed', async () => {
    const before = await service.listHosts('db*');
    await service.updateHost('db90000', { cpus: 48 });

    expect(before[0]?.cpus).toBe(2);
    expect((await service.listHosts('db*'))[0]?.cpus).toBe(48);
  });

  test('deletes in a batch, with a result for each', async () => {
    await service.getHost('web10000');
    const { items, batchId } = await service.bulkDelete(['web10000', 'nowhere', 'web10001']);

    expect(items.map(({ status, attempts }) => [status, attempts])).toEqual([
      ['success', 1],
      ['failed', 1],
      ['success', 1],
    ]);
    expect(batchId).toMatch(/^host-delete-/);
    await expect(service.getHost('web10000')).rejects.toMatchObject({ status: 404 });
  });

  test('has no answer for the status of a host while the server is down, until it is given a fallback', async () => {
    await server.turn('down');
    await expect(service.getHostStatus('db99999')).rejects.toMatchObject({ status: 503 });

    service.fallbacks.register('getHostStatus', (name: string) => ({ name, status: 'unknown' }));
    expect(await service.getHostStatus('db99999')).toEqual({ name: 'db99999', status: 'unknown' });
    await server.turn('up');
  });
});
