import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ResourcePool } from '../../src/registry/resource-pool.js';

// Against real sockets: an echo server that counts its connections, and drops one on request.
let server: Server;
let port: number;
const accepted: Socket[] = [];

beforeEach(async () => {
  accepted.length = 0;
  server = createServer((socket) => {
    accepted.push(socket);
    socket.on('data', (data) => (data.toString() === 'drop' ? socket.destroy() : socket.write(data)));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as { port: number }).port;
});

afterEach(() => {
  for (const socket of accepted) socket.destroy();
  return new Promise((resolve) => server.close(resolve));
});

const open = () =>
  new Promise<Socket>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });

const ask = (socket: Socket, text: string) =>
  new Promise<string>((resolve, reject) => {
    const dropped = () => reject(Object.assign(new Error('dropped'), { code: 'ECONNRESET' }));
    socket.once('close', dropped);
    socket.once('data', (data) => {
      socket.off('close', dropped);
      resolve(data.toString());
    });
    socket.write(text);
  });

const pooled = () =>
  new ResourcePool<Socket>({
    create: open,
    destroy: (socket) => void socket.destroy(),
    validate: (socket) => !socket.destroyed && socket.readyState === 'open',
    maxSize: 3,
  });

test('200 calls, 20 at once, go over three connections, and each has its own answer', async () => {
  await using pool = pooled();
  const numbers = Array.from({ length: 200 }, (_, index) => `${index}`);

  const answers = await Promise.all(numbers.map((text) => pool.use((socket) => ask(socket, text))));

  expect(answers).toEqual(numbers);
  expect(accepted).toHaveLength(3);
});

test('a connection that breaks in use is not lent again', async () => {
  await using pool = pooled();

  await expect(pool.use((socket) => ask(socket, 'drop'))).rejects.toThrow('dropped');

  expect(await pool.use((socket) => ask(socket, 'still there'))).toBe('still there');
  expect(pool.snapshot()).toMatchObject({ broken: 1, size: 1 });
});

test('a connection that the other side ends while it is idle is not lent again', async () => {
  await using pool = pooled();
  const socket = await pool.use((idle) => idle);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  accepted[0]?.destroy();
  await closed;

  expect(await pool.use((another) => ask(another, 'hello'))).toBe('hello');
  expect(pool.snapshot()).toMatchObject({ invalid: 1, size: 1 });
});

test('a server that refuses leaves every caller with its error, and no place taken', async () => {
  const pool = new ResourcePool({ create: () => connectTo(1), maxSize: 2 });
  const connectTo = (closedPort: number) =>
    new Promise<Socket>((resolve, reject) => {
      const socket = connect(closedPort, '127.0.0.1', () => resolve(socket));
      socket.once('error', reject);
    });

  const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map(() => pool.acquire()));

  expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code)).toEqual(
    Array.from({ length: 5 }, () => 'ECONNREFUSED'),
  );
  expect(pool.snapshot()).toMatchObject({ size: 0, waiting: 0, createFailures: 5 });
  await pool.close();
});
