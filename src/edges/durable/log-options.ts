import { type Clock, systemClock } from '../../base/clock.js';
import { callback, durationMs, having, oneOf, text } from '../../base/option-rules.js';
import { checkOptions, type OptionRules } from '../../base/options.js';

/** What was not as it should be in a file that was read; the rest of it was. */
export interface LogDamage {
  readonly path: string;
  /** Bytes at the end that are no whole line: a write that was cut off, and never acknowledged. They were cut away. */
  readonly tornBytes: number;
  /** Lines whose checksum is wrong; they were passed by. */
  readonly damagedLines: number;
}

/** How a file store writes. */
export interface FileStoreOptions {
  /** The file; its folder is made where it is missing. One file belongs to one process at a time. */
  path: string;
  /**
   * When what was written is brought to the disk. `'always'`: before it is acknowledged, so that it survives the machine's
   * end as well as the process's; writes that come together share one. `'interval'`: every `fsyncIntervalMs`. `'never'`: when
   * the system likes. Every one of them survives the end of the process. @default 'always'
   */
  fsync?: 'always' | 'interval' | 'never';
  /** In ms, with `fsync: 'interval'`. @default 1_000 */
  fsyncIntervalMs?: number;
  /** Is told of a file that was torn or damaged. @default a warning of the process */
  onDamage?: (damage: LogDamage) => void;
  /** @default the machine's clock */
  clock?: Clock;
}

/** Options with the defaults filled in. */
export type CheckedFileStoreOptions = Readonly<Required<FileStoreOptions>>;

const rules: OptionRules<FileStoreOptions> = {
  path: text({ required: true }),
  fsync: oneOf(['always', 'interval', 'never'], { default: 'always' }),
  fsyncIntervalMs: durationMs({ min: 1, default: 1_000 }),
  onDamage: callback({ default: warn }),
  clock: having<Clock>('a clock: { now, wallNow, setTimeout, clearTimeout }', ['setTimeout', 'clearTimeout'], {
    default: systemClock,
  }),
};

/**
 * Checks the options of a file store, and fills in the defaults.
 * @throws {TypeError | RangeError} for options that are not as they should be
 */
export function checkFileStore(owner: string, given: FileStoreOptions): CheckedFileStoreOptions {
  return checkOptions(owner, rules, given) as CheckedFileStoreOptions;
}

function warn({ path, tornBytes, damagedLines }: LogDamage): void {
  const torn = `${tornBytes} bytes of a write that was cut off were cut away`;
  const damaged = `${damagedLines} damaged lines were passed by`;
  process.emitWarning(`${path}: ${torn}, ${damaged}`, { code: 'HOLDFAST_DAMAGED_LOG' });
}
