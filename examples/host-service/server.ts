/** The server of the example, in a process of its own: it has 100 000 hosts, and fails now and then. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Inventory } from './inventory.js';

/** Requests that fail the first time they come: with a 503, or with a connection that is cut off. */
const FAULTS: Readonly<Record<string, 'busy' | 'cut'>> = {
  'GET /hosts?offset=25000&limit=500': 'busy',
  'GET /hosts?offset=50000&limit=500': 'cut',
  'GET /hosts?offset=75000&limit=500': 'busy',
  'POST /hosts/new007': 'busy',
  'POST /hosts/new042': 'cut',
};

const inventory = new Inventory();
const faulted = new Set<string>();
let isDown = false;

// When to go is for the parent to say, and its end, however it came, is the sign.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(0));
process.on('message', (message: 'down' | 'up') => {
  isDown = message === 'down';
  tell(message);
});

const server = createServer((request, response) => {
  const line = `${request.method} ${request.url}`;
  const fault = isDown ? 'busy' : faulted.has(line) ? undefined : FAULTS[line];
  faulted.add(line);
  if (fault === 'cut') request.socket.destroy();
  else if (fault === 'busy') answer(response, 503, { error: 'busy' });
  else void serve(request, response);
});
server.listen(0, '127.0.0.1', () => tell((server.address() as AddressInfo).port));

/** Nobody is there to be told when the parent was gone before this began. */
function tell(message: 'down' | 'up' | number): void {
  process.send?.(message, undefined, undefined, (error) => error && process.exit(1));
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
  const number = (key: string) => Number(searchParams.get(key) ?? 0);
  const [, collection, name = ''] = pathname.split('/');
  if (collection === 'services') {
    const states = searchParams.get('states')?.split(',') ?? [];
    answer(response, 200, inventory.services(states, number('cursor'), number('limit')));
  } else if (name === '') {
    const prefix = (searchParams.get('search') ?? '').replace(/\*$/, '');
    answer(response, 200, inventory.page(prefix, number('offset'), number('limit')));
  } else if (request.method === 'GET' && pathname.endsWith('/status')) {
    answer(response, inventory.get(name) ? 200 : 404, { name, status: 'up' });
  } else {
    one(request.method ?? '', name, (await bodyOf(request)) as object, response);
  }
}

function one(method: string, name: string, changes: object, response: ServerResponse): void {
  const known = inventory.get(name);
  if (method === 'POST' && known) answer(response, 409, { error: `${name} is there` });
  else if (method === 'POST') answer(response, 201, inventory.put(name, changes));
  else if (!known) answer(response, 404, { error: `no ${name}` });
  else if (method === 'DELETE') answer(response, 200, { deleted: inventory.delete(name) });
  else answer(response, 200, method === 'PATCH' ? inventory.put(name, changes) : known);
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? {} : JSON.parse(text);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
