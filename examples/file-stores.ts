import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deadLetter, Registry, SendBuffer } from 'holdfast';
import { FileBufferStore, FileDeadLetterStore } from 'holdfast/durable';

const folder = await mkdtemp(join(tmpdir(), 'holdfast-'));
const sent: string[] = [];

/** What a process does as it starts; that it may end at any moment is what the files are for. */
function start() {
  const registry = new Registry();
  const buffer = new SendBuffer<{ celsius: number }>({
    name: 'readings',
    send: ({ celsius }) => void sent.push(`${celsius} °C`),
    store: new FileBufferStore({ path: join(folder, 'readings.log') }),
    registry,
  });
  buffer.enable({ keeps: 'all' });
  const store = new FileDeadLetterStore({ path: join(folder, 'orders.log') });
  const place = deadLetter({ name: 'orders', store, registry })(async function place(item: string, at: Date) {
    if (at.getTime() === 0) throw new Error(`no date for ${item}`);
    sent.push(item);
  });
  return { registry, buffer, place };
}

// The first process: what it acknowledges is in the file, on the disk.
const first = start();
console.log(await first.buffer.add({ celsius: 21 })); // → buffered
await first.place('lamp', new Date(0)).catch((error: Error) => console.log(error.message)); // → no date for lamp
await first.registry.deadLetters.get('orders')?.flush();

// It is gone, and another begins where it was.
const second = start();
await second.buffer.ready;
console.log(second.buffer.size); // → 1
console.log(await second.buffer.flush(), sent); // → { flushed: 1, failed: 0 } [ '21 °C' ]

const queue = second.registry.deadLetters.get('orders');
await queue?.ready;
console.log(queue?.list().map(({ site, args }) => [site, ...args])); // → [ [ 'place', 'lamp', 1970-01-01T00:00:00.000Z ] ]

// A function of its site runs it again; here one that knows better.
queue?.bind('place', (_self, [item]) => void sent.push(`${item}, at last`));
console.log((await queue?.redrive())?.succeeded, sent); // → 1 [ '21 °C', 'lamp, at last' ]

await second.registry.close();
await rm(folder, { recursive: true });
