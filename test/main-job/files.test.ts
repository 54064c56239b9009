import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { JobFiles } from '../../examples/main-job/files.js';
import { Registry } from '../../src/index.js';

test('what was written and is gone counts as not there, and the table comes all the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-job-files-'));
  const registry = new Registry();
  const files = new JobFiles(folder, registry);
  await files.open();
  await rm(folder, { recursive: true });
  await writeFile(folder, 'something else stands here now');

  expect(await files.countDeadLetters(registry)).toBe(0);
  expect(await files.finish()).toEqual({ recorded: 0, records: 0, files: 0 });

  await rm(folder);
});
