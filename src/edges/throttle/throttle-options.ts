import { count, durationMs, text } from '../../base/option-rules.js';
import { checkOptions, type OptionRules } from '../../base/options.js';

/** How many calls may run at once, how close together they may begin, and how many may begin in a time. */
export interface ThrottleOptions {
  /** The name of the throttle in the registry and in errors; who uses the same name shares the turns. */
  name?: string;
  /** Calls that may run at once, from 1. @default no limit */
  maxConcurrent?: number;
  /** The least time between the turns of two calls, in ms. @default 0 */
  minTimeMs?: number;
  /** Calls that may wait their turn, first come first served; `Infinity` for no limit. @default Infinity */
  maxQueue?: number;
  /** Calls that may begin until it is filled again. @default no limit */
  reservoir?: number;
  /** How often the reservoir is filled, in ms, counted from the first call on. @default never */
  reservoirRefreshMs?: number;
  /** What the reservoir is filled to. @default reservoir */
  reservoirRefreshAmount?: number;
}

/** Options with the defaults filled in that apply. */
export type CheckedThrottleOptions = Readonly<
  ThrottleOptions & Required<Pick<ThrottleOptions, 'minTimeMs' | 'maxQueue'>>
>;

const OWNER = 'throttle';

/** What each option takes. */
export const throttleRules: OptionRules<ThrottleOptions> = {
  name: text(),
  maxConcurrent: count(),
  minTimeMs: durationMs({ default: 0 }),
  maxQueue: count({ min: 0, infinity: 'taken', default: Infinity }),
  reservoir: count({ min: 0 }),
  reservoirRefreshMs: durationMs({ min: 1 }),
  reservoirRefreshAmount: count(),
};

/**
 * Checks a throttle's options, each and with one another, and fills in what was not given.
 * @throws {TypeError} for an unknown option, a wrong type, or options that lack each other
 * @throws {RangeError} for a value out of range
 */
export function checkThrottleOptions(given: ThrottleOptions): CheckedThrottleOptions {
  const options = checkOptions<ThrottleOptions>(OWNER, throttleRules, given) as CheckedThrottleOptions;
  const { maxConcurrent, minTimeMs, reservoir, reservoirRefreshMs, reservoirRefreshAmount } = options;
  refuseAlone(options, 'reservoirRefreshMs', 'reservoir');
  refuseAlone(options, 'reservoirRefreshAmount', 'reservoirRefreshMs');
  if (maxConcurrent === undefined && minTimeMs === 0 && reservoir === undefined) {
    throw new TypeError(`${OWNER} takes at least one limit: \`maxConcurrent\`, \`minTimeMs\` or \`reservoir\``);
  }
  if (reservoir === undefined || reservoirRefreshMs === undefined) return options;
  return Object.freeze({ ...options, reservoirRefreshAmount: reservoirRefreshAmount ?? Math.max(1, reservoir) });
}

/** Refuses an option that says something about another one which was not given. */
function refuseAlone(options: ThrottleOptions, name: keyof ThrottleOptions, other: keyof ThrottleOptions): void {
  if (options[name] !== undefined && options[other] === undefined) {
    throw new TypeError(`${OWNER}: \`${name}\` means nothing without \`${other}\``);
  }
}
