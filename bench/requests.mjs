/** Requests to a server in a process of its own: what cache.mjs and pool.mjs have in common. */
import { fork } from 'node:child_process';
import { parsedArgs, wholeNumber } from './options.mjs';
import { median } from './statistics.mjs';

const SERVE = '--serve';

/** Whether this process is the server's. */
export const isServer = process.argv[2] === SERVE;

/** The whole numbers that a script takes, by their options: those that were typed, and the given ones for the others. */
export function numbersOf(defaults) {
  const options = Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: 'string' }]));
  const typed = Object.entries(parsedArgs({ options }).values).map(([name, text]) => [name, wholeNumber(name, text)]);
  return { ...defaults, ...Object.fromEntries(typed) };
}

/** The server's process: makes the server that it is asked for, and tells its port. */
export function serve(serverOf) {
  process.once('message', (order) => {
    const server = serverOf(order);
    server.keepAliveTimeout = 60_000;
    server.listen(0, '127.0.0.1', () => process.send(server.address().port));
  });
  process.on('disconnect', () => process.exit());
}

/** Starts a script once more, as the server's process. */
export async function startServer(script, order = {}) {
  const child = fork(script, [SERVE]);
  child.send(order);
  const port = await new Promise((resolve) => child.once('message', resolve));
  return { port, stop: () => child.kill() };
}

/** What the server answers; `request` is that of `node:http` or `node:https`. */
export function textOf(request, options) {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', ...options }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk)).on('end', () => resolve(body));
    });
    sent.on('error', reject).end();
  });
}

/** Makes all requests, so many at once, each told its number from 0; the time they took, in ms. */
export async function timeOf(call, { requests, concurrency }) {
  let taken = 0;
  const began = performance.now();
  const worker = async () => {
    while (taken < requests) await call(taken++);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return performance.now() - began;
}

/** How many times faster than the plain way: the median over the rounds, the least and the most. */
export function fasterText(plain, times) {
  const ratios = times.map((ms, round) => plain[round] / ms);
  return `${median(ratios).toFixed(1)} × (${Math.min(...ratios).toFixed(1)}–${Math.max(...ratios).toFixed(1)})`;
}

/** The median over the rounds. */
export function medianText(times) {
  return `${Math.round(median(times))} ms`;
}
