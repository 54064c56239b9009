import { appendFile, mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { AppendLog } from '../../../src/edges/durable/append-log.js';
import { checkFileStore, type FileStoreOptions, type LogDamage } from '../../../src/edges/durable/log-options.js';
import { ManualClock } from '../../../src/edges/testing/index.js';
import { temporaryFolder } from './killed-children.js';

const folders: string[] = [];
let path = '';
beforeEach(async () => {
  const folder = await temporaryFolder();
  folders.push(folder);
  path = join(folder, 'deep', 'values.log');
});
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

function open(options: Partial<FileStoreOptions> = {}) {
  const damages: LogDamage[] = [];
  const onDamage = (damage: LogDamage) => void damages.push(damage);
  const log = new AppendLog(checkFileStore('AppendLog', { path, fsync: 'never', onDamage, ...options }));
  return { log, damages };
}

const found = async () => Object.fromEntries(await open().log.entries());

describe('a log', () => {
  test('gives what was put and not removed, in the order of the keys', async () => {
    const { log } = open();
    await Promise.all([
      log.put('a', 1),
      log.put('b', 2),
      log.remove(['a', 'unknown']),
      log.put('c', 3),
      log.put('b', 4),
    ]);

    expect([...(await open().log.entries())]).toEqual([
      ['b', 4],
      ['c', 3],
    ]);
  });

  test('makes its folder, and lets nobody but the owner read what it keeps', async () => {
    await open().log.put('a', 1);

    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('of nothing has nothing, and a file that is empty is one', async () => {
    expect(await found()).toEqual({});
    await truncate(path, 0);
    expect(await found()).toEqual({});
  });

  test('has a value as it was when it was put', async () => {
    const value = { count: 1 };
    const { log } = open();
    const put = log.put('a', value);
    value.count = 2;
    await put;

    expect(await found()).toEqual({ a: { count: 1 } });
  });

  test.each([
    ['plain JSON', { text: 'ä\n\u2028"\ud800', list: [1, 'b', null, true, { deep: [] }] }],
    ['undefined', undefined],
    ['undefined inside', { a: undefined, list: [undefined] }],
    ['a Date', { at: new Date(5) }],
    ['Map and Set', [new Map([['a', 1]]), new Set([1])]],
    ['bigint', 5n],
    ['typed arrays', new Uint8Array([1, 2])],
    ['numbers that JSON has not', [Number.NaN, -0, Infinity]],
    ['a zero below zero', [-0]],
    ['a toJSON of its own', { toJSON: 'a text' }],
    ['a key that JSON.parse would take for more', JSON.parse('{"__proto__": 1}')],
  ])('gives %s back as it was', async (_, value) => {
    await open().log.put('key', value);

    expect((await open().log.entries()).get('key')).toStrictEqual(value);
  });

  test('gives back a list with holes', async () => {
    // oxlint-disable-next-line no-sparse-arrays
    await open().log.put('key', [1, , 3]);

    expect((await open().log.entries()).get('key')).toHaveLength(3);
  });

  test('refuses what cannot be cloned, and goes on', async () => {
    const { log } = open();

    await expect(log.put('a', () => 1)).rejects.toThrow(/could not be cloned/);
    await log.put('b', 2);
    expect(await found()).toEqual({ b: 2 });
  });

  test('does what a Map would do, through any number of openings', async () => {
    const act = fc.oneof(
      fc.tuple(fc.constant('put' as const), fc.constantFrom('a', 'b', 'c'), fc.nat()),
      fc.tuple(fc.constant('remove' as const), fc.subarray(['a', 'b', 'c', 'd'])),
      fc.constant(['open'] as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 30 }), async (acts) => {
        await rm(path, { force: true });
        const model = new Map<string, number>();
        let { log } = open();
        for (const [what, key, value] of acts) {
          if (what === 'put') {
            model.set(key, value);
            void log.put(key, value);
          } else if (what === 'remove') {
            for (const one of key) model.delete(one);
            await log.remove(key);
          } else {
            await log.close();
            log = open().log;
          }
        }
        expect([...(await log.entries())]).toEqual([...model]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a torn end', () => {
  test('is cut away, told of, and costs nothing but itself, wherever it was cut', async () => {
    const { log } = open();
    await log.put('a', 'whole');
    const before = (await stat(path)).size;
    await log.put('b', 'cut off');
    const bytes = await readFile(path);

    for (let end = before; end < bytes.length; end++) {
      await writeFile(path, bytes.subarray(0, end));
      const { log: next, damages } = open();
      expect(await next.entries()).toEqual(new Map([['a', 'whole']]));
      const torn = end - before;
      expect(damages).toEqual(torn > 0 ? [{ path, tornBytes: torn, damagedLines: 0 }] : []);
      await next.put('c', 'later');
      expect(await found()).toEqual({ a: 'whole', c: 'later' });
    }
  });

  test('is told as a warning of the process, where nobody listens', async () => {
    await open().log.put('a', 1);
    await appendFile(path, 'torn');
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const log = new AppendLog(checkFileStore('AppendLog', { path }));
    await log.entries();

    expect(warned).toHaveBeenCalledWith(expect.stringMatching(/4 bytes .* cut off/), { code: 'HOLDFAST_DAMAGED_LOG' });
    warned.mockRestore();
  });

  test('harms nobody when its listener throws', async () => {
    await open().log.put('a', 1);
    await appendFile(path, 'torn');
    const { log } = open({
      onDamage: () => {
        throw new Error('listener');
      },
    });

    expect(await log.entries()).toEqual(new Map([['a', 1]]));
  });
});

describe('damage', () => {
  test('of a line in the middle is told of, and costs that line alone', async () => {
    const { log } = open();
    for (const key of ['a', 'b', 'c']) await log.put(key, key);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"json":"b"', '"json":"x"'));
    const { log: next, damages } = open();

    expect(await next.entries()).toEqual(new Map(Object.entries({ a: 'a', c: 'c' })));
    expect(damages).toEqual([{ path, tornBytes: 0, damagedLines: 1 }]);
  });

  test('a file that is no log is refused, and left as it is', async () => {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, '{ "precious": true }');
    const { log } = open();

    await expect(log.entries()).rejects.toThrow(/is no log of holdfast's/);
    await expect(log.put('a', 1)).rejects.toThrow(/is no log of holdfast's/);
    expect(await readFile(path, 'utf8')).toBe('{ "precious": true }');
  });

  test('a file that somebody else has written to is told of once, and read again', async () => {
    const { log } = open();
    await log.put('a', 1);
    await open().log.put('b', 2);

    await expect(log.put('c', 3)).rejects.toThrow(/was changed by somebody else/);
    await log.put('c', 3);
    expect(await found()).toEqual({ a: 1, b: 2, c: 3 });
  });
});

describe('a file that cannot be written', () => {
  test('refuses what is put, and takes it when it can be written again', async () => {
    const { log } = open();
    await log.put('a', 1);
    const folder = join(path, '..');
    await rm(folder, { recursive: true });
    await writeFile(folder, 'a file in the place of the folder');
    await expect(log.put('b', 2)).rejects.toThrow(/ENOTDIR/);
    await expect(log.put('b', 2)).rejects.toThrow(/ENOTDIR/);

    await rm(folder);
    await log.put('c', 3);
    expect(await found()).toEqual({ c: 3 });
  });
});

describe('its size', () => {
  test('stays within a few times of what is of use', async () => {
    const { log } = open();
    const value = 'x'.repeat(1_000);
    await log.put('stays', value);
    for (let round = 0; round < 40; round++) {
      const keys = Array.from({ length: 20 }, (_, index) => `${round}-${index}`);
      await Promise.all(keys.map((key) => log.put(key, value)));
      await log.remove(keys);
    }

    expect((await stat(path)).size).toBeLessThan(300_000);
    expect(await found()).toEqual({ stays: value });
  });

  test('is left as it is when it cannot be written anew, and all is there still', async () => {
    const { log } = open();
    await log.put('stays', 1);
    // What it is written into first cannot be made: there is a folder of that name.
    await mkdir(`${path}.tmp`);
    for (let round = 0; round < 600; round++) await log.put('changes', `${round}${'x'.repeat(1_000)}`);

    expect((await stat(path)).size).toBeGreaterThan(600_000);
    expect(await found()).toMatchObject({ stays: 1, changes: expect.stringMatching(/^599/) });
    await rm(`${path}.tmp`, { recursive: true });
    await log.put('large', 'x'.repeat(450_000));
    await log.close();
    expect((await stat(path)).size).toBeLessThan(460_000);
    expect(await found()).toMatchObject({ stays: 1 });
  });
});

describe('fsync', () => {
  test("with 'interval' comes after its time, once for all that was written, and at the end", async () => {
    const clock = new ManualClock();
    const { log } = open({ fsync: 'interval', fsyncIntervalMs: 500, clock });
    await log.put('a', 1);
    await log.put('b', 2);
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(500);
    expect(clock.pendingTimers).toBe(0);
    await log.put('c', 3);
    await log.close();

    expect(clock.pendingTimers).toBe(0);
    expect(await found()).toEqual({ a: 1, b: 2, c: 3 });
  });

  test("that fails later, with 'interval', is told to who writes next", async () => {
    const clock = new ManualClock();
    const { log } = open({ fsync: 'interval', clock });
    await log.put('a', 1);
    const bytes = await readFile(path);
    await rm(path);
    await clock.advance(1_000);
    await log.entries();
    await writeFile(path, bytes);

    await expect(log.put('b', 2)).rejects.toThrow(/ENOENT/);
    await log.put('b', 2);
    expect(await found()).toEqual({ a: 1, b: 2 });
  });
});

test.each([
  [undefined, TypeError, /must be given|one object/],
  [{ path: '' }, RangeError, /`path` takes a text/],
  [{ path: 'x', fsync: 'sometimes' }, RangeError, /`fsync` takes 'always' or 'interval' or 'never', got "sometimes"/],
  [{ path: 'x', fsyncIntervalMs: 0 }, RangeError, /`fsyncIntervalMs`/],
  [{ path: 'x', onDamage: 5 }, TypeError, /`onDamage` takes a function/],
  [{ path: 'x', clock: {} }, TypeError, /`clock`/],
  [{ paht: 'x' }, TypeError, /did you mean `path`/],
])('the options %o are refused', (options, type, message) => {
  const check = () => checkFileStore('FileBufferStore', options as never);

  expect(check).toThrow(type);
  expect(check).toThrow(message);
});
