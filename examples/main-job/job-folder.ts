import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from './flags.js';

/** Where the job writes what is to outlive its calls. */
export interface JobFolder {
  readonly path: string;
  /** What becomes of it at the end. */
  readonly fate: 'removed' | 'kept';
}

const REMOVAL = { recursive: true, force: true, maxRetries: 3 } as const;

/**
 * Takes the user's own folder, which stays, or makes a fresh one, which goes with the process however that ends, unless it
 * is killed.
 * @throws {UserError} when the user's folder is not empty, or cannot be one
 */
export async function openFolder(given: string | undefined): Promise<JobFolder> {
  if (given !== undefined) return ownFolder(given);
  const path = await mkdtemp(join(tmpdir(), 'holdfast-main-job-'));
  // Every way in which the job ends comes by here, an error and a second Ctrl-C too; calls that still run may write until then.
  process.on('exit', () => rmSync(path, REMOVAL));
  return { path, fate: 'removed' };
}

async function ownFolder(path: string): Promise<JobFolder> {
  const there = await mkdir(path, { recursive: true })
    .then(() => readdir(path))
    .catch((error: NodeJS.ErrnoException) => {
      throw new UserError(`--folder ${path} cannot be used (${error.code ?? error.message})`);
    });
  if (there.length > 0) throw new UserError(`--folder takes a folder that is new or empty, and ${path} has files`);
  return { path, fate: 'kept' };
}
