import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Only the owner may read what is kept: it may be personal. */
export const FILE_MODE = 0o600;

/**
 * Writes a file so that it is there wholly or not at all, whatever happens meanwhile: into a temporary file beside it, to the
 * disk, then under its name, and the name to the disk.
 * @throws what the file system does not allow; nothing is left behind then
 */
export async function writeWhole(
  path: string,
  data: Uint8Array | string,
  temporary: string = `${path}.tmp`,
): Promise<void> {
  try {
    const file = await open(temporary, 'w', FILE_MODE);
    await closing(file, async () => {
      await file.writeFile(data);
      await file.sync();
    });
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Brings the names in a folder to the disk, where the system can: a file that was renamed may have its old name after a crash. */
export async function syncFolder(path: string): Promise<void> {
  // Windows opens no folder, and needs none of this.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  await closing(folder, () => folder.sync());
}

/** Does something with an open file, and closes it. */
export async function closing<Result>(file: FileHandle, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } finally {
    await file.close();
  }
}
