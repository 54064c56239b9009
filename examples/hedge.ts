import { callContext, hedge, Registry } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });
registry.on('call:hedge', ({ attempt, afterMs, because }) =>
  console.log(`attempt ${attempt}, ${afterMs} ms: ${because}`),
);

/** Each price comes from one of three replicas, and the first of them is busy. */
class Quotes {
  @hedge({ delayMs: 50, registry })
  async price(symbol: string): Promise<string> {
    const { attempt, signal } = callContext();
    const tookMs = attempt === 1 ? 900 : 20;
    signal.addEventListener('abort', () => console.log(`replica ${attempt}: ${signal.reason.name}`));
    await new Promise<void>((resolve) => clock.setTimeout(resolve, tookMs));
    return `${symbol} 42, from replica ${attempt}`;
  }
}

// The first attempt is slow: after 50 ms another is begun beside it. The first answer wins, the loser is aborted.
const quotes = new Quotes();
const price = quotes.price('ACME');
await clock.advance(70);
// → attempt 2, 50 ms: slow
// → replica 1: AbortError
console.log(await price); // → ACME 42, from replica 2
console.log(registry.calls.snapshot()['Quotes.price']?.hedgesWon); // → 1

// A call that fails before the delay is begun again at once.
await clock.advance(1_000);
const unlucky = hedge({ delayMs: 50, registry })(async (): Promise<string> => {
  const { attempt, error } = callContext();
  if (attempt === 1) throw new Error('replica 1 is gone');
  return `answered, although ${(error as Error).message}`;
});
console.log(await unlucky());
// → attempt 2, 0 ms: failed
// → answered, although replica 1 is gone

// The budget bounds what this costs: when all calls get slow, they are not all made twice.
let runs = 0;
const quiet = new Registry({ clock });
const slow = hedge({ delayMs: 10, budget: { ratio: 0.05, minPerSecond: 0 }, registry: quiet })(async () => {
  runs++;
  await new Promise<void>((resolve) => clock.setTimeout(resolve, 500));
});
const calls = Array.from({ length: 200 }, () => slow());
await clock.advance(500);
await Promise.all(calls);
console.log(`200 slow calls, ${runs} runs`); // → 200 slow calls, 210 runs
