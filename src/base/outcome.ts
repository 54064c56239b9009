import { RejectedError } from './errors.js';
import type { Classify } from './severity.js';

/** What a call came to, for those who count: an ignored one decides nothing. */
export type Outcome = 'success' | 'failure' | 'ignored';

/**
 * What an error counts as. The toolkit's own rejections are nothing: the function was not run. Permanent errors are the
 * caller's fault, and say nothing of the dependency's health.
 */
export function outcomeOf(error: unknown, classify: Classify): Outcome {
  return judged(error, classify, 'ignored');
}

/**
 * What an error says to who wants to know whether calls are accepted: `success`, this one was, for a permanent error is an
 * answer; `failure`, it was not; `ignored`, the dependency has not been asked.
 */
export function acceptanceOf(error: unknown, classify: Classify): Outcome {
  return judged(error, classify, 'success');
}

function judged(error: unknown, classify: Classify, ofPermanent: Outcome): Outcome {
  if (error instanceof RejectedError) return 'ignored';
  return classify(error) === 'permanent' ? ofPermanent : 'failure';
}
