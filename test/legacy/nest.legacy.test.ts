import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { policiesOf } from '../../src/index.js';
import { compiled } from './compile.js';

const { QuotesModule, QuotesController, QuotesService, Upstream, registry } =
  await compiled<typeof import('./nest-app.js')>('nest-app');

let app: INestApplication;
let base = '';

beforeAll(async () => {
  app = await NestFactory.create(QuotesModule, { logger: false });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  base = `http://127.0.0.1:${port}/quotes`;
});
afterAll(() => app.close());

test.each(['above', 'below'])('a policy %s the decorators of Nest leaves its route in place', async (where) => {
  const response = await fetch(`${base}/${where}/ACME`);

  expect(response.status).toBe(200);
  expect(response.headers.get('x-stands')).toBe(where);
  expect(await response.text()).toBe('price of ACME');
});

test('policies between the decorators of Nest leave all of them in place', async () => {
  const response = await fetch(`${base}/between/ACME`);

  expect(response.status).toBe(202);
  expect(response.headers.get('x-stands')).toBe('between');
  expect(await response.text()).toBe('ACME of yesterday');
});

test('pipes still see the declared types of the parameters', async () => {
  const response = await fetch(`${base}/sum?a=19&b=23`, { method: 'POST' });

  expect(await response.json()).toEqual({ sum: 42, name: 'QuotesController.sum' });
});

test('an injectable reaches what was injected into it, and is retried', async () => {
  const upstream = app.get(Upstream);
  upstream.failuresToCome = 2;
  const before = upstream.calls;

  const response = await fetch(`${base}/above/ACME`);

  expect(await response.text()).toBe('price of ACME');
  expect(upstream.calls - before).toBe(3);
});

test('an injectable answers from its cache', async () => {
  const upstream = app.get(Upstream);
  const before = upstream.calls;

  for (let requests = 0; requests < 3; requests++) {
    expect(await (await fetch(`${base}/kept/ACME`)).text()).toBe('price of ACME');
  }

  expect(upstream.calls - before).toBe(1);
});

test('a filter of Nest catches the rejections of an open circuit', async () => {
  const upstream = app.get(Upstream);
  upstream.failuresToCome = 2;

  const statuses: number[] = [];
  for (let requests = 0; requests < 3; requests++) statuses.push((await fetch(`${base}/guarded/ACME`)).status);

  expect(statuses).toEqual([500, 500, 503]);
  expect(registry.snapshot().breakers).toHaveProperty('upstream.state', 'open');
});

test('members are named for their classes from decoration on', () => {
  expect(policiesOf(QuotesController.prototype, 'above').map(({ kind }) => kind)).toEqual(['timeout', 'timed']);
  expect(policiesOf(QuotesService.prototype, 'retried').map(({ kind }) => kind)).toEqual(['retry', 'timeout']);
  expect(registry.caches.names()).toEqual(['QuotesService.kept']);
});
