import { networkCodeOf, statusOf } from './error-facts.js';
import { ChaosError, isResilienceError } from './errors.js';
import type { Severity } from './severity.js';

const BY_CODE: ReadonlyMap<string, Severity> = new Map<string, Severity>([
  ['ECONNRESET', 'transient'],
  ['EPIPE', 'transient'],
  ['UND_ERR_SOCKET', 'transient'],
  ['ENOSPC', 'critical'],
  ['EMFILE', 'critical'],
  ['ENFILE', 'critical'],
  ['EROFS', 'critical'],
  ['ENOMEM', 'critical'],
  ['ERR_WORKER_OUT_OF_MEMORY', 'critical'],
]);
const RETRYABLE_STATUS: ReadonlySet<number> = new Set([408, 425, 429]);
const OUT_OF_MEMORY = /out of memory|allocation failed/i;

/**
 * The toolkit's own judgement of an error: by its code, then its HTTP status, then its type. It never throws.
 * @example classify(Object.assign(new Error('gone'), { status: 404 })); // 'permanent'
 */
export function classify(error: unknown): Severity {
  try {
    return judge(error);
  } catch {
    // A getter or a proxy that throws: nothing can be known of the error.
    return 'recoverable';
  }
}

function judge(error: unknown): Severity {
  if (typeof error !== 'object' || error === null) return 'recoverable';
  if (isResilienceError(error)) return error instanceof ChaosError ? error.severity : 'recoverable';
  const code = networkCodeOf(error);
  const byCode = code === undefined ? undefined : BY_CODE.get(code);
  if (byCode !== undefined) return byCode;
  if (error instanceof Error && OUT_OF_MEMORY.test(error.message)) return 'critical';
  const status = statusOf(error);
  if (status !== undefined && status >= 400 && status < 600) return ofStatus(status);
  return isProgrammingError(error) && code === undefined ? 'permanent' : 'recoverable';
}

function ofStatus(status: number): Severity {
  return status >= 500 || RETRYABLE_STATUS.has(status) ? 'recoverable' : 'permanent';
}

function isProgrammingError(error: object): boolean {
  return (
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof ReferenceError ||
    error instanceof SyntaxError
  );
}
