import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type TimerHandle, unref } from '../../base/clock.js';
import { tell } from '../../base/tell.js';
import { HEADER, type LogContents, type Place, putLine, readLog, removeLine } from './log-format.js';
import type { CheckedFileStoreOptions } from './log-options.js';
import { closing, writeWhole } from './whole-file.js';

/** A file is written anew when it is larger than this, and more than half of it is of no use any more. */
const COMPACT_ABOVE_BYTES = 262_144;

/** A line that is to be written. */
interface Pending {
  readonly line: Buffer;
  /** It stands in the file, at this place. */
  readonly written: (log: LogState, place: Place) => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What is known of the file. */
interface LogState {
  readonly places: Map<string, Place>;
  liveBytes: number;
  size: number;
  /** The size above which it may be written anew. */
  compactAbove: number;
}

/**
 * Values by key in a file to which lines are appended: what was acknowledged survives the end of the process at any moment.
 * Changes that come together are written, and brought to the disk, together. The file is held open only while it is
 * written, so that there is nothing to be closed.
 */
export class AppendLog {
  readonly #options: CheckedFileStoreOptions;
  #pending: Pending[] = [];
  #state: LogState | undefined = undefined;
  /** What has been begun: one thing at a time, in order. */
  #last: Promise<unknown> = Promise.resolve();
  #syncTimer: TimerHandle | undefined = undefined;
  #syncFailure: { error: unknown } | undefined = undefined;

  constructor(options: CheckedFileStoreOptions) {
    this.#options = options;
  }

  /** All values, by key, in the order in which the keys came first. */
  entries(): Promise<Map<string, unknown>> {
    return this.#inTurn(async () => (await this.#load()).values);
  }

  /** Gives a key its value, as it is now; resolves when that will be found again. */
  put(key: string, value: unknown): Promise<void> {
    return this.#append(
      () => putLine(key, value),
      (state, place) => {
        state.liveBytes += place.length - (state.places.get(key)?.length ?? 0);
        state.places.set(key, place);
      },
    );
  }

  /** Takes keys away; resolves when they will not be found again. */
  remove(keys: readonly string[]): Promise<void> {
    return this.#append(
      () => removeLine(keys),
      (state) => {
        for (const key of keys) {
          state.liveBytes -= state.places.get(key)?.length ?? 0;
          state.places.delete(key);
        }
      },
    );
  }

  /** Resolves when all that was asked for is done, and on the disk. The log can be used again. */
  async close(): Promise<void> {
    await this.#inTurn(async () => {});
    if (this.#syncTimer === undefined) return;
    this.#options.clock.clearTimeout(this.#syncTimer);
    this.#syncTimer = undefined;
    await this.#inTurn(() => this.#withFile((file) => file.datasync()));
  }

  #append(make: () => Buffer, written: Pending['written']): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ line: make(), written, resolve, reject });
      if (this.#pending.length === 1) void this.#inTurn(() => this.#writePending());
    });
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Writes what has gathered by now. */
  async #writePending(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    try {
      const state = this.#state ?? stateOf(await this.#load());
      this.#state = state;
      await this.#write(state, pending);
      await this.#compactIfWorthIt(state);
    } catch (error) {
      // Nobody knows what the file holds now: it is read again before anything else is written.
      this.#state = undefined;
      for (const { reject } of pending) reject(error);
    }
  }

  async #write(state: LogState, pending: readonly Pending[]): Promise<void> {
    const { error } = this.#syncFailure ?? {};
    this.#syncFailure = undefined;
    if (error !== undefined) throw error;
    await this.#withFile(async (file) => {
      const { size } = await file.stat();
      if (size !== state.size) throw new Error(`${this.#options.path} was changed by somebody else`);
      try {
        await writeAll(file, Buffer.concat(pending.map(({ line }) => line)), state.size);
        if (this.#options.fsync === 'always') await file.datasync();
      } catch (failure) {
        await file.truncate(state.size).catch(() => {});
        throw failure;
      }
    });
    for (const { line, written, resolve } of pending) {
      written(state, { offset: state.size, length: line.length });
      state.size += line.length;
      resolve();
    }
    if (this.#options.fsync === 'interval') this.#syncLater();
  }

  #syncLater(): void {
    if (this.#syncTimer !== undefined) return;
    const { clock, fsyncIntervalMs } = this.#options;
    this.#syncTimer = clock.setTimeout(() => {
      this.#syncTimer = undefined;
      const synced = this.#inTurn(() => this.#withFile((file) => file.datasync()));
      // Who writes next hears of it.
      synced.catch((error: unknown) => (this.#syncFailure = { error }));
    }, fsyncIntervalMs);
    unref(this.#syncTimer);
  }

  async #compactIfWorthIt(state: LogState): Promise<void> {
    if (state.size <= state.compactAbove || 2 * state.liveBytes > state.size) return;
    try {
      const bytes = await readFile(this.#options.path);
      const live = [...state.places.values()].map(({ offset, length }) => bytes.subarray(offset, offset + length));
      await writeWhole(this.#options.path, Buffer.concat([Buffer.from(HEADER), ...live]));
      this.#state = undefined;
    } catch {
      // All that it holds is there still: it may work when there is more to gain.
      state.compactAbove = state.size + COMPACT_ABOVE_BYTES;
    }
  }

  /** Reads the file, and makes it where there is none; tells of damage, and cuts away what was torn. */
  async #load(): Promise<LogContents> {
    const { path, onDamage } = this.#options;
    const bytes = await readOrNothing(path);
    if (bytes.length === 0) {
      await mkdir(dirname(path), { recursive: true });
      await writeWhole(path, HEADER);
    }
    const contents = readLog(path, bytes.length === 0 ? Buffer.from(HEADER) : bytes);
    const { tornBytes, damagedLines, size } = contents;
    if (tornBytes > 0) await this.#withFile((file) => file.truncate(size));
    if (tornBytes > 0 || damagedLines > 0) tell(onDamage, { path, tornBytes, damagedLines });
    this.#state = stateOf(contents);
    return contents;
  }

  async #withFile<Result>(work: (file: FileHandle) => Promise<Result>): Promise<Result> {
    const file = await open(this.#options.path, 'r+');
    return closing(file, () => work(file));
  }
}

function stateOf({ places, size }: LogContents): LogState {
  const liveBytes = [...places.values()].reduce((sum, { length }) => sum + length, 0);
  return { places, liveBytes, size, compactAbove: COMPACT_ABOVE_BYTES };
}

async function readOrNothing(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

/** A write may take less than it was given, as on a disk that is nearly full. */
async function writeAll(file: FileHandle, data: Buffer, position: number): Promise<void> {
  for (let done = 0; done < data.length; ) {
    const { bytesWritten } = await file.write(data, done, data.length - done, position + done);
    done += bytesWritten;
  }
}
