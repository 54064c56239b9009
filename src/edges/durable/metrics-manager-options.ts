import { amount, count, durationMs, having, oneOf, text } from '../../base/option-rules.js';
import { checkOptions, type OptionRules } from '../../base/options.js';
import type { Registry } from '../../registry/registry.js';

/** What a metrics manager takes. */
export interface MetricsManagerOptions {
  /** The folder of the files; made where it is missing. */
  storagePath: string;
  /** How long a record waits for its file at most, in ms. @default 5_000 */
  flushIntervalMs?: number;
  /** Records in a file at most; so many are written at once. @default 1_000 */
  maxBatchSize?: number;
  /** Records that may wait, from `maxBatchSize`. @default 10_000 */
  maxQueueSize?: number;
  /**
   * What becomes of a record when as many wait: `'throw'` refuses it, `'wait'` waits for room, `'drop-oldest'` and
   * `'drop-newest'` let one go. @default 'throw'
   */
  onFull?: 'throw' | 'wait' | 'drop-oldest' | 'drop-newest';
  /** Files whose names are older than this are removed, at the start and every hour; `Infinity` keeps all. @default 30 */
  retentionDays?: number;
  /** Its name in `registry.extensions`, where it stands while it runs. @default 'metricsManager' */
  name?: string;
  /** Where its time comes from, and its events go. @default the shared `registry` */
  registry?: Registry;
}

/** Options with the defaults filled in. */
export type CheckedMetricsManagerOptions = Readonly<
  Required<Omit<MetricsManagerOptions, 'name' | 'registry'>> & Pick<MetricsManagerOptions, 'name' | 'registry'>
>;

const rules: OptionRules<MetricsManagerOptions> = {
  storagePath: text({ required: true }),
  flushIntervalMs: durationMs({ min: 1, default: 5_000 }),
  maxBatchSize: count({ default: 1_000 }),
  maxQueueSize: count({ default: 10_000 }),
  onFull: oneOf(['throw', 'wait', 'drop-oldest', 'drop-newest'], { default: 'throw' }),
  retentionDays: {
    ...amount({ infinity: 'taken', default: 30 }),
    takes: 'a number of days above 0, or Infinity',
    range: (days) => days > 0,
  },
  name: text(),
  registry: having<Registry>('a Registry', ['snapshot', 'topic', 'emit', 'close']),
};

/**
 * Checks the options, and that a batch finds room in the queue.
 * @throws {TypeError | RangeError} for options that are not as they should be
 */
export function checkMetricsManager(given: MetricsManagerOptions): CheckedMetricsManagerOptions {
  const checked = checkOptions('MetricsManager', rules, given) as CheckedMetricsManagerOptions;
  const { maxBatchSize, maxQueueSize } = checked;
  if (maxQueueSize >= maxBatchSize) return checked;
  throw new RangeError(
    `MetricsManager: \`maxQueueSize\` takes at least \`maxBatchSize\`, which is ${maxBatchSize}, got ${maxQueueSize}`,
  );
}
