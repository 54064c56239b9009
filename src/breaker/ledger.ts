/** An error as it stands in a snapshot. */
export interface ErrorFacts {
  readonly name: string;
  readonly message: string;
  readonly code?: string | number;
}

const LONGEST_MESSAGE = 1_000;

/** What a breaker has counted besides successes: made when there is something to count, since most breakers see no more. */
export class Ledger {
  failedCalls = 0;
  ignoredCalls = 0;
  rejectedCalls = 0;
  /** Slow calls that were found slow as they ended. */
  slowCalls = 0;
  /** Calls that passed in `shadow` and would have been rejected. */
  wouldRejectCalls = 0;
  lastError: ErrorFacts | null = null;
}

/** Name, message and code of anything that can be thrown; the error itself, and all it holds, is let go. */
export function factsOf(error: unknown): ErrorFacts {
  try {
    if (typeof error !== 'object' || error === null) return { name: typeof error, message: cut(String(error)) };
    const { name, message, code } = error as Record<string, unknown>;
    const facts = { name: typeof name === 'string' ? name : 'Error', message: cut(String(message ?? '')) };
    return typeof code === 'string' || typeof code === 'number' ? { ...facts, code } : facts;
  } catch {
    return { name: 'Error', message: 'the error cannot be read' };
  }
}

function cut(message: string): string {
  return message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
}
