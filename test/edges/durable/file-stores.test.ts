import { execFile } from 'node:child_process';
import { appendFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { FileBufferStore, FileDeadLetterStore, type LogDamage } from '../../../src/edges/durable/index.js';
import { DeadLetterQueue, deadLetter, Registry, SendBuffer } from '../../../src/index.js';
import { bundled, temporaryFolder } from './killed-children.js';

const folders: string[] = [];
let path = '';
beforeEach(async () => {
  const folder = await temporaryFolder();
  folders.push(folder);
  path = join(folder, 'kept.log');
});
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

describe('FileBufferStore', () => {
  test('gives the next buffer what waited in the last, in order and once', async () => {
    const sent: unknown[] = [];
    const send = (item: unknown) => void sent.push(item);
    const first = new SendBuffer<unknown>({ send, store: new FileBufferStore({ path }) });
    first.enable({ keeps: 'all' });
    const items = [{ celsius: 21 }, { at: new Date(5) }, 'three'];
    await Promise.all(items.map((item) => first.add(item)));

    const next = new SendBuffer<unknown>({ send, store: new FileBufferStore({ path }) });
    await next.ready;
    expect(next.size).toBe(3);
    expect(await next.flush()).toEqual({ flushed: 3, failed: 0 });
    expect(sent).toEqual(items);
    expect(await new FileBufferStore({ path }).load()).toEqual([]);
    await next.close();
  });

  test('tells its buffer of an item that it cannot keep, which waits in memory', async () => {
    const registry = new Registry();
    const failures: unknown[] = [];
    registry.on('buffer:storeFailed', ({ error }) => failures.push(error));
    const store = new FileBufferStore<unknown>({ path });
    const buffer = new SendBuffer<unknown>({ name: 'readings', send: () => {}, store, registry });
    buffer.enable({ keeps: 'all' });

    expect(await buffer.add(() => {})).toBe('buffered');
    expect(failures).toEqual([expect.objectContaining({ message: expect.stringContaining('could not be cloned') })]);
    expect(await buffer.flush()).toEqual({ flushed: 1, failed: 0 });
  });

  test('that is torn is told of, and not fatal', async () => {
    const damages: LogDamage[] = [];
    await new FileBufferStore({ path }).append({ id: 'a', item: 1 });
    await appendFile(path, '00000000 ["put","b"');
    const store = new FileBufferStore<number>({ path, onDamage: (damage) => damages.push(damage) });

    expect(await store.load()).toEqual([{ id: 'a', item: 1 }]);
    expect(damages).toEqual([{ path, tornBytes: 19, damagedLines: 0 }]);
  });
});

describe('FileDeadLetterStore', () => {
  test('gives the next queue the entries of the last, whose arguments are as they were', async () => {
    const registry = new Registry();
    const place = deadLetter({ name: 'orders', store: new FileDeadLetterStore({ path }), registry })(
      async function place(_order: object, _at: Date): Promise<void> {
        throw new Error('down');
      },
    );
    const args = [{ item: 'lamp', tags: new Set(['new']) }, new Date(5)] as const;
    await place(...args).catch(() => {});
    await place({ item: 'desk' }, new Date(6)).catch(() => {});
    await registry.close();

    const queue = new DeadLetterQueue({ name: 'orders', store: new FileDeadLetterStore({ path }) });
    await queue.ready;
    expect(queue.list().map((entry) => entry.args)).toEqual([args, [{ item: 'desk' }, new Date(6)]]);
    expect(queue.snapshot()).toMatchObject({ totalFailures: 2, byFunction: { place: 2 }, unsaved: 0 });

    const placed: unknown[] = [];
    queue.bind('place', (_self, given) => void placed.push(given));
    expect(await queue.redrive()).toMatchObject({ succeeded: 2 });
    await queue.close();
    expect(placed).toEqual([args, [{ item: 'desk' }, new Date(6)]]);
    expect(await new FileDeadLetterStore({ path }).load()).toEqual([]);
  });

  test('has the last of an entry that was redriven in vain', async () => {
    const queue = new DeadLetterQueue({ store: new FileDeadLetterStore({ path }) });
    queue.bind('place', () => Promise.reject(new Error('still down')));
    queue.keep({ site: 'place', args: [1], error: new Error('down'), attempts: 1 });
    await queue.redrive();
    await queue.flush();

    expect(await new FileDeadLetterStore({ path }).load()).toMatchObject([
      { redrives: 1, attempts: 2, error: { message: 'still down' } },
    ]);
  });

  test('that is torn is told of, and not fatal', async () => {
    const damages: LogDamage[] = [];
    const queue = new DeadLetterQueue({ store: new FileDeadLetterStore({ path }) });
    queue.keep({ site: 'place', args: [1], error: new Error('down'), attempts: 1 });
    await queue.flush();
    await appendFile(path, 'torn');
    const next = new DeadLetterQueue({
      store: new FileDeadLetterStore({ path, onDamage: (damage) => damages.push(damage) }),
    });
    await next.ready;

    expect(next.size).toBe(1);
    expect(damages).toEqual([{ path, tornBytes: 4, damagedLines: 0 }]);
  });

  test('can be closed and used again', async () => {
    const store = new FileDeadLetterStore({ path, fsync: 'interval' });
    await store.remove(['unknown']);
    await store.close();

    expect(await store.load()).toEqual([]);
  });
});

test.each([
  ['FileBufferStore', () => new FileBufferStore({} as never)],
  ['FileDeadLetterStore', () => new FileDeadLetterStore({} as never)],
])('%s says that it needs a path', (name, make) => {
  expect(make).toThrow(new RegExp(`${name}: \`path\` must be given`));
});

test('a disk that is full refuses what has no room, whole, and takes what has', { timeout: 60_000 }, async () => {
  const program = await bundled('full-disk-child', dirname(path));
  // No file of this process may grow past some kilobytes: a larger write is cut off in its middle.
  const { stdout, stderr } = await promisify(execFile)('sh', [
    '-c',
    'ulimit -f 64; exec "$@"',
    'sh',
    process.execPath,
    program,
    path,
  ]);

  expect(stderr).toBe(''); // what was cut off is gone before anybody reads it
  expect(stdout.trim().split('\n')).toEqual(['small stored', 'large EFBIG', 'again stored']);
  const damages: LogDamage[] = [];
  const stored = await new FileBufferStore({ path, onDamage: (damage) => damages.push(damage) }).load();
  expect(stored.map(({ id }) => id)).toEqual(['small', 'again']);
  expect(damages).toEqual([]);
});
