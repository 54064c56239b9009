import { compose, deadline, retryWithBackoff, timeout } from '../../../src/index.js';

// The work never settles. The program stays until its callers are answered, and no longer.
console.log('begun');
const hung = () => new Promise<void>(() => {});
const note = (call: Promise<void>) => call.catch((error: Error & { code: string }) => console.log(error.code));

void note(timeout({ ms: 100 })(hung)());
void note(compose(deadline({ ms: 150 }), retryWithBackoff(), timeout({ ms: 30_000 }))(hung)());
// What is quick leaves a timer armed, which holds nothing.
void timeout({ ms: 30_000 })(async () => {})();
