import { setTimeout as delay } from 'node:timers/promises';
import {
  callContext,
  circuitBreaker,
  coalesce,
  compose,
  deadline,
  fallback,
  retryWithBackoff,
  timeout,
} from '../../../src/index.js';

// Work that fails after nobody waits for it any more, in every way there is. Node ends a program with an unhandled
// rejection, and warns of eleven listeners on one signal.
console.log('begun');
process.on('unhandledRejection', (error) => console.log('unhandled', error));
process.on('warning', (warning) => console.log('warning', warning.name));
const late = async (): Promise<string> => {
  await delay(20);
  throw new Error('late');
};
const again = retryWithBackoff({ maxAttempts: 3, baseDelayMs: 5 });
const stacks = [
  timeout({ ms: 5 })(late),
  timeout({ ms: 5, grace: 'detach' })(late),
  timeout({ ms: () => 5 })(late),
  compose(timeout({ ms: 8 }), again)(late),
  compose(again, timeout({ ms: 5 }))(late),
  compose(deadline({ ms: 10 }), again, timeout({ ms: 5 }))(late),
  compose(
    fallback(async () => 'instead'),
    timeout({ ms: 5 }),
  )(late),
  compose(circuitBreaker(), timeout({ ms: 5 }))(late),
  compose(timeout({ ms: 5 }), coalesce())(late),
  compose(timeout({ ms: 5 }), circuitBreaker({ probeTimeoutMs: 5 }))(late),
];
let settled = 0;
for (const stack of stacks) {
  const calls = [stack(), stack(), stack()];
  for (const call of calls)
    call.then(
      () => settled++,
      () => settled++,
    );
}

// One signal for many calls that run at once, and many one after the other.
const shared = new AbortController();
const listening = compose(
  again,
  timeout({ ms: 1_000 }),
)(async (_: AbortSignal) => {
  const { signal } = callContext();
  await delay(1, undefined, { signal });
});
for (let round = 0; round < 50; round++) await Promise.all(Array.from({ length: 5 }, () => listening(shared.signal)));

await delay(150);
console.log(JSON.stringify({ settled, of: stacks.length * 3 }));
