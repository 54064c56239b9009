import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { HoldfastService } from 'holdfast/nest';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { quotesApp } from './quotes-app.legacy.js';

const adapters: [string, () => AbstractHttpAdapter][] = [
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter() as unknown as AbstractHttpAdapter],
];

describe.each(adapters)('over HTTP, with %s', (_, makeAdapter) => {
  let world: ReturnType<typeof quotesApp>;
  let app: INestApplication;
  let base = '';

  const get = async (path: string) => {
    // A connection that is kept open would keep its server from closing.
    const response = await fetch(`${base}/${path}`, { headers: { connection: 'close' } });
    const text = await response.text();
    const body: unknown = text.startsWith('{') ? JSON.parse(text) : text;
    return { status: response.status, retryAfter: response.headers.get('retry-after'), body };
  };

  beforeEach(async () => {
    world = quotesApp();
    app = await NestFactory.create(world.QuotesModule, makeAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    base = `http://127.0.0.1:${port}`;
  });
  afterEach(() => app.close());

  test('an open circuit is answered with 503, and when to come back', async () => {
    app.get(world.Upstream).failuresToCome = 2;
    expect((await get('guarded/ACME')).status).toBe(500);
    expect((await get('guarded/ACME')).status).toBe(500);

    expect(await get('guarded/ACME')).toEqual({
      status: 503,
      retryAfter: '30',
      body: { statusCode: 503, error: 'Service Unavailable', code: 'ERR_CIRCUIT_OPEN', message: 'Try again in 30 s' },
    });

    await world.clock.advance(29_500);
    expect(await get('guarded/ACME')).toMatchObject({ status: 200, body: 'price of ACME' });
  });

  test('a rejection whose end nobody knows is answered with 503, and tells nothing of the inside', async () => {
    expect(await get('full')).toEqual({
      status: 503,
      retryAfter: null,
      body: { statusCode: 503, error: 'Service Unavailable', code: 'ERR_BULKHEAD_FULL', message: 'Try again later' },
    });
  });

  test('a rate limit is answered with 429, and when to come back', async () => {
    expect(await get('limited')).toMatchObject({ status: 200, body: 'within the limit' });

    expect(await get('limited')).toEqual({
      status: 429,
      retryAfter: '60',
      body: { statusCode: 429, error: 'Too Many Requests', code: 'ERR_RATE_LIMITED', message: 'Try again in 60 s' },
    });
  });

  test.each([
    ['slow', 'ERR_TIMEOUT'],
    ['late', 'ERR_DEADLINE'],
  ])('%s: what is out of time is answered with 504', async (path, code) => {
    const answer = get(path);
    await vi.waitUntil(() => world.clock.pendingTimers > 0);
    await world.clock.advance(50);

    expect(await answer).toEqual({
      status: 504,
      retryAfter: null,
      body: { statusCode: 504, error: 'Gateway Timeout', code, message: 'Try again later' },
    });
  });

  test.each(['chaos', 'nowhere'])('%s: other errors are answered by NestJS as before', async (path) => {
    expect((await get(path)).status).toBe(path === 'chaos' ? 500 : 404);
  });

  test('policies on request-scoped providers share their state between the requests', async () => {
    expect((await get('visitor/ACME')).body).toBe('price of ACME for visitor 1 at /visitor/ACME');
    app.get(world.Upstream).failuresToCome = 2;

    const bodies = [];
    for (let requests = 0; requests < 3; requests++) bodies.push((await get('visitor/B')).body);

    expect(bodies).toEqual(['B of yesterday', 'B of yesterday', 'B of yesterday']);
    expect(app.get(world.Upstream).calls).toBe(3);
    expect(world.registry.breakers.get('Visitor.ask')?.state).toBe('open');
  });

  test('names are there before the first request', () => {
    expect(world.registry.breakers.names()).toEqual([
      'MadeByFactory.ask',
      'QuotesService.kept',
      'QuotesService.shared',
      'Visitor.ask',
      'upstream',
    ]);
    expect(world.registry.caches.names()).toEqual(['QuotesService.kept']);
    expect(world.registry.limiters.names()).toEqual(['QuotesController.limited']);
    expect(world.Visitor.made).toBe(0);
  });

  test('what bears policies can be listed', () => {
    expect(app.get(HoldfastService).members()).toEqual([
      { name: 'BaseService.inherited', policies: ['retry'] },
      { name: 'MadeByFactory.ask', policies: ['circuitBreaker'] },
      { name: 'QuotesController.late', policies: ['deadline'] },
      { name: 'QuotesController.limited', policies: ['rateLimit'] },
      { name: 'QuotesController.slow', policies: ['timeout'] },
      { name: 'QuotesService.guarded', policies: ['circuitBreaker'] },
      { name: 'QuotesService.kept', policies: ['cached', 'circuitBreaker'] },
      { name: 'QuotesService.shared', policies: ['circuitBreaker'] },
      { name: 'Visitor.ask', policies: ['fallback', 'circuitBreaker'] },
    ]);
  });

  test('a request that is under way at shutdown is served; then the registry is closed', async () => {
    const answer = get('slow');
    await vi.waitUntil(() => world.clock.pendingTimers > 0);
    const closing = app.close();
    await world.clock.advance(50);

    expect((await answer).status).toBe(504);
    await closing;
    expect(world.registry.closed).toBe(true);
  });
});
