import { RejectedError } from './errors.js';
import type { Classify } from './severity.js';

/** What a call came to, for those who count: an ignored one decides nothing. */
export type Outcome = 'success' | 'failure' | 'ignored';

/**
 * What an error counts as. The toolkit's own rejections are nothing: the function was not run. Permanent errors are the
 * caller's fault, and say nothing of the dependency's health.
 */
export function outcomeOf(error: unknown, classify: Classify): Outcome {
  if (error instanceof RejectedError) return 'ignored';
  return classify(error) === 'permanent' ? 'ignored' : 'failure';
}
