import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PageRequest } from '../../src/batch/page-source.js';
import { streamPages } from '../../src/registry/stream-pages.js';
import { itemsOf, numbers } from './sources.js';

// Against a real server: pages of numbers over HTTP.
const COUNT = 230;
let server: Server;
let base: string;
let answer: (request: IncomingMessage, response: ServerResponse, offset: number, limit: number) => void;
let requests = 0;

beforeEach(async () => {
  requests = 0;
  answer = (_request, response, offset, limit) =>
    response.end(JSON.stringify(numbers(COUNT).slice(offset, offset + limit)));
  server = createServer((request, response) => {
    requests++;
    const { searchParams } = new URL(request.url ?? '', 'http://here');
    answer(request, response, Number(searchParams.get('offset')), Number(searchParams.get('limit')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const fetchPage = async ({ offset, limit, signal }: PageRequest): Promise<number[]> => {
  const response = await fetch(`${base}/?offset=${offset}&limit=${limit}`, { signal });
  if (!response.ok) throw Object.assign(new Error(`status ${response.status}`), { status: response.status });
  return (await response.json()) as number[];
};

test.each([1, 4])('pages that are reset or refused at first all arrive, %i at once', async (concurrency) => {
  const whole = answer;
  const failed = new Set<number>();
  answer = (request, response, offset, limit) => {
    if (failed.has(offset)) return whole(request, response, offset, limit);
    failed.add(offset);
    if (offset % 40 === 0) return request.socket.destroy();
    response.statusCode = 503;
    return response.end();
  };

  const stream = streamPages(fetchPage, { batchSize: 20, concurrency, retry: { baseDelayMs: 1 } });

  expect(await itemsOf(stream)).toEqual(numbers(COUNT));
});

test('leaving the loop ends the request that is under way', async () => {
  const whole = answer;
  const ended = new Promise<number>((resolve) => {
    answer = (request, response, offset, limit) => {
      if (offset === 0) whole(request, response, offset, limit);
      else response.on('close', () => resolve(offset));
    };
  });

  for await (const { items } of streamPages(fetchPage, { batchSize: 20 })) {
    expect(items).toHaveLength(20);
    await vi.waitUntil(() => requests === 2);
    break;
  }

  expect(await ended).toBe(20);
});

test('a stream that failed is taken up again by its checkpoint, and nothing is fetched twice', async () => {
  const whole = answer;
  let isDown = true;
  const served: number[] = [];
  answer = (request, response, offset, limit) => {
    if (offset >= 100 && isDown) {
      response.statusCode = 500;
      response.end();
      return;
    }
    served.push(offset);
    whole(request, response, offset, limit);
  };
  const options = { batchSize: 50, maxRetries: 1, retry: { baseDelayMs: 1 } };
  const first = streamPages(fetchPage, options);
  const got: number[] = [];
  const readAll = async (stream: typeof first) => {
    for await (const { items } of stream) got.push(...items);
  };
  await expect(readAll(first)).rejects.toThrow('status 500');
  isDown = false;

  await readAll(streamPages(fetchPage, { ...options, resumeFrom: JSON.parse(JSON.stringify(first.checkpoint)) }));

  expect(got).toEqual(numbers(COUNT));
  expect(served).toEqual([0, 50, 100, 150, 200]);
});
