import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FileBufferStore, FileDeadLetterStore } from '../../../src/edges/durable/index.js';
import { bundled, killed, Ledger, temporaryFolder } from './killed-children.js';

const KILLS = 200;
/** Children at a time, each with a file of its own: as many as a small machine has processors. */
const LANES = 2;

let folder = '';
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const everyStore = [
  {
    name: 'FileBufferStore',
    child: 'buffer-child',
    itemsIn: async (path: string) =>
      (await new FileBufferStore<string>({ path, onDamage: () => {} }).load()).map(({ item }) => item),
  },
  {
    name: 'FileDeadLetterStore',
    child: 'dead-letter-child',
    itemsIn: async (path: string) =>
      (await new FileDeadLetterStore({ path, onDamage: () => {} }).load()).map(({ args }) => String(args[0])),
  },
];

describe.each(everyStore)('$name', ({ name, child, itemsIn }) => {
  test(`has every acknowledged item once, and none that is done with, after each of ${KILLS} kills at random moments`, {
    timeout: 120_000,
  }, async () => {
    const program = await bundled(child, folder);
    const ledgers = Array.from({ length: LANES }, () => new Ledger());
    const wrong: string[] = [];
    await Promise.all(
      ledgers.map(async (ledger, lane) => {
        const path = join(folder, `${name}-${lane}.log`);
        for (let round = 0; round < KILLS / LANES; round++) {
          // The end of a process does not ask for the disk: the faster writes see more of them.
          const fsync = round % 2 === 0 ? 'never' : 'always';
          ledger.hear(await killed(program, [path, `${lane}-${round}`, fsync]));
          wrong.push(...ledger.compare(await itemsIn(path)));
        }
      }),
    );

    expect(wrong).toEqual([]);
    expect(ledgers.every(({ acknowledged }) => acknowledged > KILLS)).toBe(true);
  });
});
