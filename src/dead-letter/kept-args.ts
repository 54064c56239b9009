import { show } from '../base/options.js';
import type { DeadLetterOptions } from './dead-letter-options.js';
import { faultOf } from './fault.js';
import { safeCopy } from './safe-copy.js';

const SHOWN_LOSSES = 5;
// Less than an entry as a whole may be: what was kept once can be copied again.
const DEPTH = 500;

/** Arguments as an entry has them. */
export interface KeptArgs {
  args: unknown[];
  /** Why they are not those of the call; undefined when they are. */
  argsError?: string;
}

/** Copies the arguments of a failed call, serialized where that is asked for. */
export function keepArgs(args: readonly unknown[], serialize: DeadLetterOptions['serialize']): KeptArgs {
  if (serialize === undefined) return copyArgs(args);
  let serialized: readonly unknown[];
  try {
    serialized = serialize(args);
  } catch (error) {
    const { name, message } = faultOf(error);
    return { args: [], argsError: `serialize threw ${name}: ${message}` };
  }
  if (Array.isArray(serialized)) return copyArgs(serialized);
  return { args: [], argsError: `serialize returns an array of arguments, got ${show(serialized)}` };
}

/** What could not be copied, in one line. */
export function lossText(losses: readonly string[]): string {
  const shown = losses.slice(0, SHOWN_LOSSES).join('; ');
  return losses.length > SHOWN_LOSSES ? `${shown}; and ${losses.length - SHOWN_LOSSES} more` : shown;
}

function copyArgs(args: readonly unknown[]): KeptArgs {
  // An array of its own first: `arguments` is none.
  const { value, losses } = safeCopy([...args], 'args', DEPTH);
  return losses.length === 0 ? { args: value } : { args: value, argsError: lossText(losses) };
}
