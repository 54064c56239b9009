import { factsOf, member } from '../base/error-facts.js';
import { isStatus } from './health-status.js';
import type { HealthFinding } from './check-options.js';

/** What a check has said by what it gave. */
export function findingOf(given: unknown): HealthFinding {
  if (given === false) return { status: 'down', reason: 'said that it is not well' };
  const status = member(given, 'status');
  if (isStatus(status)) {
    const { reason, details } = given as HealthFinding;
    return {
      status,
      ...(reason !== undefined && { reason: String(reason) }),
      ...(details !== undefined && { details }),
    };
  }
  const ok = member(given, 'ok');
  if (ok !== false && ok !== 0) return { status: 'up' };
  return { status: 'down', reason: typeof status === 'number' ? `answered with status ${status}` : 'answered not ok' };
}

/** What a check has said by failing. */
export function findingOfError(error: unknown): HealthFinding {
  const { message, code, name } = factsOf(error);
  return { status: 'down', reason: message || String(code ?? name) };
}
