import { afterEach, expect, test } from 'vitest';
import { ScriptedServer } from '../../examples/main-job/scripted-server.js';

let server: ScriptedServer | undefined;
afterEach(() => server?.close());

async function start(totalMs: number): Promise<{ server: ScriptedServer; url: string }> {
  server = new ScriptedServer(1, totalMs);
  return { server, url: `http://127.0.0.1:${await server.listen(0)}` };
}

const as = (side: string, headers: Record<string, string> = {}) => ({ headers: { 'x-client': side, ...headers } });

test('before the script begins every request is answered', async () => {
  const { url } = await start(1_000);

  const response = await fetch(`${url}/quote/AAPL`);

  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ symbol: 'AAPL', price: expect.any(Number) });
});

test('requests are counted by who sends them, and those for its health not at all', async () => {
  const { server, url } = await start(1_000);

  await fetch(`${url}/quote/AAPL`, as('bare'));
  await fetch(`${url}/quote/AAPL`, as('protected'));
  await fetch(`${url}/depth/AAPL`, as('protected'));
  await fetch(`${url}/health`, as('protected'));

  expect(server.report()).toMatchObject({ bare: { requests: 1 }, protected: { requests: 2 }, phase: 'healthy' });
});

test('an order is taken once, however often it comes', async () => {
  const { server, url } = await start(1_000);
  const order = { method: 'POST', ...as('bare', { 'idempotency-key': 'order-1' }) };

  const first = await fetch(`${url}/orders/AAPL`, order);
  await fetch(`${url}/orders/AAPL`, order);

  expect(first.status).toBe(201);
  expect(server.report().bare).toEqual({ requests: 2, whileDown: 0, orders: 1 });
});

test('while it is down it cuts every connection, and counts those who came', async () => {
  const { server, url } = await start(4_000);
  server.begin();
  // The phases follow the machine's clock: the upstream is a process of its own when it is not under test.
  while (server.report().phase !== 'outage') await new Promise((resolve) => setTimeout(resolve, 5));

  // The upstream cuts what is connected as the outage begins, a moment after the phase can be read on a busy machine.
  await new Promise((resolve) => setTimeout(resolve, 150));
  await expect(fetch(`${url}/quote/AAPL`, as('bare'))).rejects.toThrow('fetch failed');
  expect(server.report().bare).toEqual({ requests: 1, whileDown: 1, orders: 0 });

  while (server.report().phase !== 'recovery') await new Promise((resolve) => setTimeout(resolve, 5));
  expect((await fetch(`${url}/quote/AAPL`, as('bare'))).status).toBe(200);
});

test('a port that is taken is refused', async () => {
  const { url } = await start(1_000);
  const second = new ScriptedServer(1, 1_000);

  await expect(second.listen(Number(new URL(url).port))).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
