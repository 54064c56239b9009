import { isThenable } from '../base/thenable.js';
import { type DeadLetterEntry, isEntry } from './dead-letter-entry.js';
import type { DeadLetterOptions } from './dead-letter-options.js';
import { faultOf } from './fault.js';
import { lossText } from './kept-args.js';
import { safeCopy } from './safe-copy.js';

/**
 * The entry that may be stored. What the queue itself goes by (id, name, site, counts, times) is as it was, whatever `redact` made of it.
 * @param redactedArgs Arguments that have been redacted before, to be kept when `redact` fails now.
 */
export function redacted(
  entry: DeadLetterEntry,
  redact: DeadLetterOptions['redact'],
  redactedArgs?: readonly unknown[],
): DeadLetterEntry {
  if (redact === undefined) return entry;
  let failure = 'redact returned no entry';
  try {
    // A copy of its own: it may change what it gets and then throw.
    const given: unknown = redact(safeCopy(entry, 'entry').value);
    if (isThenable(given)) given.then(undefined, () => {});
    const { value, losses } = safeCopy(given, 'entry');
    if (isEntry(value)) return { ...value, ...bookkeepingOf(entry), ...argsErrorOf(value, entry, losses) };
  } catch (error) {
    // Its message may quote what was to be redacted.
    failure = `redact threw ${faultOf(error).name}`;
  }
  return withoutSecrets(entry, failure, redactedArgs);
}

/** Nothing that `redact` has not passed may be stored. */
function withoutSecrets(entry: DeadLetterEntry, failure: string, redactedArgs?: readonly unknown[]): DeadLetterEntry {
  const { name, code } = entry.error;
  const error = { name, message: `left out: ${failure}`, ...(code === undefined ? {} : { code }) };
  if (redactedArgs !== undefined) return { ...entry, error };
  return { ...entry, error, args: [], argsError: `left out: ${failure}` };
}

function bookkeepingOf(entry: DeadLetterEntry): Omit<DeadLetterEntry, 'args' | 'error' | 'argsError'> {
  const { id, name, site, severity, attempts, redrives, firstAt, lastAt } = entry;
  return { id, name, site, severity, attempts, redrives, firstAt, lastAt };
}

/** An entry that could not be run before cannot be run now, although `redact` made it anew. */
function argsErrorOf(
  value: DeadLetterEntry,
  entry: DeadLetterEntry,
  losses: readonly string[],
): { argsError?: string } {
  const known = value.argsError ?? entry.argsError;
  const texts = [...(known === undefined ? [] : [known]), ...(losses.length === 0 ? [] : [lossText(losses)])];
  return texts.length === 0 ? {} : { argsError: texts.join('; ') };
}
