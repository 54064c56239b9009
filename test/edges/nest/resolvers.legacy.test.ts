import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MercuriusDriver } from '@nestjs/mercurius';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type HoldfastModuleOptions, HoldfastService } from 'holdfast/nest';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ExpressDriver } from './express-driver.legacy.js';
import { resolversApp } from './resolvers-app.legacy.js';

/** An answer of GraphQL, as it comes over HTTP. */
interface Answer {
  readonly data: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; path: string[]; extensions?: Record<string, unknown> }[];
}

const policies =
  'adaptiveLimit bulkhead cached chaos circuitBreaker coalesce deadLetter deadline fallback hedge invalidates rateLimit ' +
  'resilient retry shed throttle timed timeout';

describe.each([
  ['Fastify and Mercurius', () => new FastifyAdapter(), MercuriusDriver],
  ['Express', () => new ExpressAdapter(), ExpressDriver],
])('resolvers, over HTTP with %s', (_, adapter, driver) => {
  let world: ReturnType<typeof resolversApp>;
  let app: INestApplication;

  const ask = async (query: string): Promise<Answer> => {
    const { port } = app.getHttpServer().address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      // A connection that is kept open would keep its server from closing.
      headers: { connection: 'close', 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as Answer;
  };
  const start = async (options?: HoldfastModuleOptions) => {
    world = resolversApp(driver, options);
    app = await NestFactory.create(world.ResolversModule, adapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
  };

  beforeEach(() => start());
  afterEach(() => app.close());

  test.each(policies.split(' '))('%s stands on a query', async (policy) => {
    expect(await ask(`{ ${policy} }`)).toEqual({ data: { [policy]: 'served' } });
  });

  test('batched stands on a query of lists', async () => {
    expect(await ask('{ batched(names: ["a", "b"]) }')).toEqual({ data: { batched: ['a served', 'b served'] } });
  });

  test('a policy above @Query, and policies on both sides of it, leave its arguments and its fields in place', async () => {
    expect(await ask('{ above(symbol: "A") quote(symbol: "Q") { symbol price } }')).toEqual({
      data: { above: 'price of A', quote: { symbol: 'Q', price: 'price of Q' } },
    });
  });

  test('a policy on a field of a type is asked once for what it keeps', async () => {
    await ask('{ quote(symbol: "Q") { price } }');
    await ask('{ quote(symbol: "Q") { price } }');

    expect(app.get(world.Upstream).calls).toBe(1);
  });

  test('cached on a query that names none of its parameters asks for a key: it is handed all that GraphQL knows', async () => {
    expect((await ask('{ bare }')).errors).toMatchObject([{ message: expect.stringContaining('pass `key`') }]);
  });

  test('a policy below @Mutation holds back the next', async () => {
    expect(await ask('mutation { order(symbol: "A", count: 2) }')).toEqual({ data: { order: '2 × A' } });
    expect(await ask('mutation { order(symbol: "B", count: 1) }')).toMatchObject({
      data: null,
      errors: [{ path: ['order'], extensions: { code: 'ERR_RATE_LIMITED' } }],
    });
    expect(app.get(world.QuotesResolver).orders).toEqual(['A']);
  });

  test('an open circuit is told with its code, and when to come back', async () => {
    app.get(world.Upstream).failuresToCome = 2;
    expect((await ask('{ above(symbol: "A") }')).errors).toMatchObject([{ message: 'upstream is down' }]);
    await ask('{ above(symbol: "A") }');

    expect(await ask('{ above(symbol: "A") timed }')).toMatchObject({
      errors: [
        {
          message: 'Try again in 30 s',
          path: ['above'],
          extensions: { code: 'ERR_CIRCUIT_OPEN', statusCode: 503, retryAfterSeconds: 30 },
        },
      ],
    });
    await world.clock.advance(29_500);
    expect(await ask('{ above(symbol: "A") }')).toEqual({ data: { above: 'price of A' } });
  });

  test('a rejection whose end nobody knows tells nothing of the inside', async () => {
    const answer = await ask('{ full }');

    expect(answer.errors).toMatchObject([
      { message: 'Try again later', extensions: { code: 'ERR_BULKHEAD_FULL', statusCode: 503 } },
    ]);
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  test.each([
    ['slow', 'ERR_TIMEOUT'],
    ['late', 'ERR_DEADLINE'],
  ])('%s: what is out of time is told so', async (query, code) => {
    const answer = ask(`{ ${query} }`);
    await vi.waitUntil(() => world.clock.pendingTimers > 0);
    await world.clock.advance(50);

    expect((await answer).errors).toMatchObject([
      { message: 'Try again later', extensions: { code, statusCode: 504 } },
    ]);
  });

  test('a fallback answers in the place of a query', async () => {
    app.get(world.Upstream).failuresToCome = 1;

    expect(await ask('{ below(symbol: "A") }')).toEqual({ data: { below: 'A of yesterday' } });
  });

  test('fields that are served stand beside one that is rejected', async () => {
    expect(await ask('{ timed spare }')).toMatchObject({
      data: { timed: 'served', spare: null },
      errors: [{ path: ['spare'], extensions: { code: 'ERR_BULKHEAD_FULL' } }],
    });
  });

  test('policies on request-scoped resolvers share their state between the requests', async () => {
    expect(await ask('{ visit(symbol: "A") }')).toEqual({ data: { visit: 'price of A for visitor 1 at /graphql' } });
    app.get(world.Upstream).failuresToCome = 2;
    const codes = [];
    for (let requests = 0; requests < 3; requests++) {
      const { errors } = await ask('{ visit(symbol: "B") }');
      codes.push(errors?.[0]?.extensions?.['code']);
    }

    expect(codes).toEqual([undefined, undefined, 'ERR_CIRCUIT_OPEN']);
    expect(world.VisitorResolver.made).toBe(4);
    expect(world.registry.breakers.get('VisitorResolver.visit')?.state).toBe('open');
  });

  test('names are there before the first request', () => {
    expect(world.registry.breakers.names()).toEqual(
      expect.arrayContaining(['VisitorResolver.visit', 'above', 'below']),
    );
    expect(app.get(HoldfastService).members()).toEqual(
      expect.arrayContaining([
        { name: 'QuotesResolver.below', policies: ['fallback', 'circuitBreaker'] },
        { name: 'QuotesResolver.price', policies: ['cached'] },
        { name: 'QuotesResolver.quote', policies: ['retry', 'timeout'] },
        { name: 'VisitorResolver.visit', policies: ['circuitBreaker'] },
      ]),
    );
    expect(world.VisitorResolver.made).toBe(0);
  });

  test('without the filter an error goes out as it is', async () => {
    await app.close();
    await start({ exceptionFilter: 'none' });

    expect((await ask('{ full }')).errors).toMatchObject([{ message: 'slots of the secret pool are taken' }]);
    expect((await ask('{ spare }')).errors).toMatchObject([{ message: 'Try again later' }]);
  });
});
