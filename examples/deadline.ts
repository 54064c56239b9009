import { attemptsOf, callContext, compose, deadline, Registry, retryWithBackoff } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });
const seen: string[] = [];

class Quotes {
  @deadline({ ms: 5_000, registry })
  @retryWithBackoff({ maxAttempts: 10, baseDelayMs: 1_000, jitter: 'none', registry })
  async price(symbol: string): Promise<number> {
    const { attempt, remainingMs } = contextNow();
    seen.push(`attempt ${attempt}: ${remainingMs} ms left`);
    throw new Error(`no answer for ${symbol}`);
  }
}

function contextNow(): { attempt: number; remainingMs: number } {
  const context = callContext();
  return { attempt: context.attempt, remainingMs: context.remainingMs() };
}

// Attempts at 0, 1 000 and 3 000 ms; the next would be at 7 000, so it is not waited for.
const failure = new Quotes().price('ACME').catch((error: Error) => error);
await clock.advance(3_000);
const error = await failure;
console.log(seen[0]); // → attempt 1: 5000 ms left
console.log(seen[1]); // → attempt 2: 4000 ms left
console.log(seen[2]); // → attempt 3: 2000 ms left
console.log(`${error}`, attemptsOf(error), clock.now()); // → Error: no answer for ACME 3 3000

// Work that does not end is answered when time is up; retries do not take that for a failure to be retried.
const hang = compose(deadline({ ms: 5_000, registry }), retryWithBackoff({ registry }));
const hung = hang.execute(() => new Promise<never>(() => {})).catch((reason: Error) => `${reason}`);
await clock.advance(5_000);
console.log(await hung); // → DeadlineExceededError: 'compose' exceeded its 5000 ms
