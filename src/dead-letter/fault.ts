import { networkCodeOf } from '../base/error-facts.js';
import type { DeadLetterFault } from './dead-letter-entry.js';

/** What is kept of anything that was thrown. It never throws itself. */
export function faultOf(error: unknown): DeadLetterFault {
  try {
    if (typeof error !== 'object' || error === null) return { name: typeof error, message: String(error) };
    const { name, message } = error as Partial<Error>;
    const code = networkCodeOf(error);
    return {
      name: typeof name === 'string' ? name : 'Error',
      message: typeof message === 'string' ? message : '',
      ...(code === undefined ? {} : { code }),
    };
  } catch {
    return { name: 'Error', message: 'cannot be read' };
  }
}
