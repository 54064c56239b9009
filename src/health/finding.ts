import { factsOf, member } from '../base/error-facts.js';
import { show } from '../base/options.js';
import { isStatus } from './health-status.js';
import type { HealthFinding } from './check-options.js';

/** What a check has said by what it gave. */
export function findingOf(given: unknown): HealthFinding {
  if (given === false) return { status: 'down', reason: 'said that it is not well' };
  const status = member(given, 'status');
  if (isStatus(status)) return { status, ...reasonOf(member(given, 'reason')), ...detailsOf(member(given, 'details')) };
  const ok = member(given, 'ok');
  if (ok !== false && ok !== 0) return { status: 'up' };
  return { status: 'down', reason: typeof status === 'number' ? `answered with status ${status}` : 'answered not ok' };
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
