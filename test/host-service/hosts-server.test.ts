import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HostsApi } from '../../examples/host-service/hosts-api.js';
import { HostsServer } from '../../examples/host-service/hosts-server.js';

const WITHIN_MS = 20_000;

describe('the server of the host service', () => {
  let server: HostsServer;
  let api: HostsApi;
  beforeAll(async () => {
    server = await HostsServer.start();
    api = new HostsApi(server.url);
  }, WITHIN_MS);
  afterAll(() => server[Symbol.asyncDispose]());

  test('has 100 000 hosts, which it gives by the page and by the beginning of their names', async () => {
    expect(await api.hosts({ offset: 99_999, limit: 10 })).toEqual({
      items: [{ name: 'db99999', site: 'syd', cpus: 32 }],
      total: 100_000,
    });
    expect(await api.hosts({ offset: 0, limit: 1, search: 'app*' })).toMatchObject({ total: 30_000 });
  });

  test('gives services by the cursor', async () => {
    const first = await api.services(['CRITICAL'], '0', 60);
    const second = await api.services(['CRITICAL'], String(first.nextCursor), 60);

    expect(first.items).toHaveLength(60);
    expect(second).toMatchObject({ nextCursor: null });
    expect(second.items).toHaveLength(3);
  });

  test.each([
    ['a 503', { name: 'new007' }],
    ['a connection that is cut off', { name: 'new042' }],
  ])('answers some requests with %s, once', async (_, host) => {
    await expect(api.create(host)).rejects.toThrow();

    expect(await api.create(host)).toEqual({ ...host, site: 'ams', cpus: 2 });
    await expect(api.create(host)).rejects.toMatchObject({ status: 409 });
  });

  test('changes and deletes hosts', async () => {
    expect(await api.update('web00001', { cpus: 64 })).toMatchObject({ cpus: 64 });
    expect(await api.host('web00001')).toMatchObject({ name: 'web00001', cpus: 64 });
    expect(await api.delete('web00001')).toEqual({ deleted: true });
    await expect(api.host('web00001')).rejects.toMatchObject({ status: 404 });
    expect(await api.hosts({ offset: 0, limit: 1, search: 'web00001' })).toMatchObject({ total: 0 });
  });

  test('can be turned down, and up again', async () => {
    await server.turn('down');
    await expect(api.status('db99999')).rejects.toMatchObject({ status: 503 });

    await server.turn('up');
    expect(await api.status('db99999')).toEqual({ name: 'db99999', status: 'up' });
  });
});

test(
  'the server is gone when its block is left',
  async () => {
    let url = '';
    {
      await using server = await HostsServer.start();
      url = server.url;
    }

    await expect(new HostsApi(url).host('web00001')).rejects.toThrow('fetch failed');
  },
  WITHIN_MS,
);
