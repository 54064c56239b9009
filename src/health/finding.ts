import { factsOf, member, statusOf } from '../base/error-facts.js';
import { show } from '../base/options.js';
import { statusOfWord } from './health-status.js';
import type { HealthFinding } from './check-options.js';

/** From this HTTP status on an answer is an error. */
const FIRST_ERROR_STATUS = 400;

/** What a check has said by what it gave. The unread body of a `Response` is cancelled. */
export function findingOf(given: unknown): HealthFinding {
  if (given === false) return { status: 'down', reason: 'said that it is not well' };
  const word = member(given, 'status');
  const status = statusOfWord(word);
  if (status !== undefined) {
    const reason = member(given, 'reason') ?? (status === word ? undefined : `said ${show(word)}`);
    return { status, ...reasonOf(reason), ...detailsOf(member(given, 'details')) };
  }
  const code = statusOf(given);
  const isWell = isOk(member(given, 'ok'), code);
  void cancelBody(given);
  if (isWell) return { status: 'up' };
  return { status: 'down', reason: code === undefined ? 'answered not ok' : `answered with status ${code}` };
}

/** `ok` decides, where there is one. */
function isOk(ok: unknown, code: number | undefined): boolean {
  if (ok === undefined) return code === undefined || code < FIRST_ERROR_STATUS;
  return ok !== false && ok !== 0;
}

/** A body that nobody reads would hold its connection until it is collected. */
async function cancelBody(given: unknown): Promise<void> {
  const body = member(given, 'body');
  const cancel = member(body, 'cancel');
  if (typeof cancel !== 'function') return;
  try {
    await cancel.call(body);
  } catch {
    // Somebody reads it after all, or it has failed: either way the connection is not held.
  }
}

/** What a check has said by failing. */
export function findingOfError(error: unknown): HealthFinding {
  const { message, code, name } = factsOf(error);
  return { status: 'down', reason: message || String(code ?? name) };
}

/** Whatever it is: a check that gives nonsense must not bring down who asks. */
function reasonOf(reason: unknown): Pick<HealthFinding, 'reason'> {
  if (reason === undefined) return {};
  return { reason: typeof reason === 'string' ? reason : show(reason) };
}

function detailsOf(details: unknown): Pick<HealthFinding, 'details'> {
  return details === undefined ? {} : { details };
}
