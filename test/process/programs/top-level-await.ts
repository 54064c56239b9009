import { callContext, retryWithBackoff, timeout } from '../../../src/index.js';

// Nothing but the toolkit's own timers keeps this program alive; Node ends one that waits in vain with code 13.
console.log('begun');
const answer = await timeout({ ms: 80 })(() => new Promise<string>(() => {}))().catch((error: Error) => error.name);
console.log('timeout:', answer);

const third = await retryWithBackoff({ maxAttempts: 3, baseDelayMs: 40, jitter: 'none' })(async () => {
  const { attempt } = callContext();
  if (attempt < 3) throw new Error('not yet');
  return attempt;
})();
console.log('attempt:', third);
