import type { Clock } from '../base/clock.js';
import { withoutStack } from '../base/errors.js';

/** What surrounds a limit: its name, its time, and how its errors are made. */
export interface LimitContext {
  /** @default the option `name`, or the kind of the limit */
  name?: string | undefined;
  clock?: Clock | undefined;
  /** Whether rejections bear stack frames, at fifteen times the cost. @default false */
  captureStack?: boolean | undefined;
}

/** Makes a rejection, with stack frames only where they are wanted. */
export function makeRejection<E extends Error>(captureStack: boolean, make: () => E): E {
  return captureStack ? make() : withoutStack(make);
}
