import type { Clock } from '../base/clock.js';
import { callback, count, durationMs, having, oneOf, ratio, text } from '../base/option-rules.js';
import { checkOptions, type OptionRules } from '../base/options.js';
import type { Random } from '../base/random.js';
import type { BufferAct, BufferEvent, BufferKeeps } from './buffer-event.js';
import type { BufferStore } from './buffer-store.js';

/** What a buffer takes. */
export interface SendBufferOptions<T> {
  /** Sends one item; that it throws, or rejects, means that the item was not sent. Put a breaker and a timeout on it. */
  send: (item: T) => unknown;
  /** Its name in errors and in the registry. @default none: it stands in no registry */
  name?: string;
  /** Items that may wait; past it the oldest goes. `Infinity` keeps all. @default 1_000 */
  maxSize?: number;
  /** How long an item waits for the next flush at most, in ms; `Infinity`: until somebody asks for one. @default 60_000 */
  flushIntervalMs?: number;
  /** When more items than this wait, they are flushed at once; `Infinity`: never for their number. @default 100 */
  flushAbove?: number;
  /**
   * The share of failed sends above which the buffer enables itself, once more than 10 were made; of the last 100 that
   * `add` made. 1 means never. @default 0.1
   */
  autoEnableFailureRatio?: number;
  /** Where what waits is written, to outlive the process. @default none: memory alone */
  store?: BufferStore<T>;
}

/** What a buffer takes from its surroundings. */
export interface SendBufferContext {
  /** @default the machine's clock */
  clock?: Clock | undefined;
  /** @default the machine's chance */
  random?: Random | undefined;
  /** Is told what happens; what it throws reaches nobody. */
  onEvent?: ((event: BufferEvent) => void) | undefined;
}

/** How a buffer is enabled. */
export interface EnableOptions extends BufferAct {
  /** `'failed'` tries each item first; `'all'` keeps each for the next flush. @default 'failed' */
  keeps?: BufferKeeps;
}

/** What each option takes, and its default. */
export const sendBufferRules: OptionRules<SendBufferOptions<never>> = {
  send: callback({ required: true }),
  name: text(),
  maxSize: count({ infinity: 'taken', default: 1_000 }),
  flushIntervalMs: durationMs({ min: 1, infinity: 'taken', default: 60_000 }),
  flushAbove: count({ min: 0, infinity: 'taken', default: 100 }),
  autoEnableFailureRatio: ratio({ default: 0.1 }),
  store: having('a store with load, append and remove', ['load', 'append', 'remove']),
};

/**
 * Checks the options of a buffer, and fills in the defaults.
 * @throws {TypeError | RangeError} for options that are not as they should be
 */
export function checkSendBuffer<T>(given: SendBufferOptions<T>): Readonly<SendBufferOptions<T>> {
  // What is sent, or stored, is no option: the rules are the same for every sort of item.
  return checkOptions('SendBuffer', sendBufferRules as unknown as OptionRules<SendBufferOptions<T>>, given);
}

/** What each option of an act takes. */
export const actRules: OptionRules<BufferAct> = { reason: text(), owner: text() };

/** What each option of `enable` takes. */
export const enableRules: OptionRules<EnableOptions> = {
  ...actRules,
  keeps: oneOf(['failed', 'all'], { default: 'failed' }),
};
