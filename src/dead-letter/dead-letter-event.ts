import { text } from '../base/option-rules.js';
import type { OptionRules } from '../base/options.js';
import type { Severity } from '../base/severity.js';
import type { DeadLetterFault } from './dead-letter-entry.js';
import type { RedriveReport } from './redrive.js';

/** Who acts on a queue, and why. */
export interface Act {
  reason?: string | undefined;
  owner?: string | undefined;
}

/** What each option of an act takes. */
export const actRules: OptionRules<Act> = { reason: text(), owner: text() };

/** What happens in a queue. Errors of calls stand in it as they are stored, redacted. */
export type DeadLetterEvent =
  | { type: 'added'; id: string; site: string; severity: Severity; attempts: number; error: DeadLetterFault }
  | { type: 'dropped'; id: string; site: string }
  | { type: 'expired'; id: string; site: string }
  | { type: 'parked'; id: string; site: string; redrives: number }
  | { type: 'argsError'; id: string; site: string; reason: string }
  | ({ type: 'redriven'; id: string; site: string } & Act)
  | ({ type: 'redriveFailed'; id: string; site: string; redrives: number; error: DeadLetterFault } & Act)
  | ({ type: 'redriveEnded'; report: Omit<RedriveReport, 'results'> } & Act)
  | ({ type: 'cleared'; removed: number } & Act)
  | { type: 'storeFailed'; operation: 'load' | 'put' | 'remove'; unsaved: number; error: unknown };
