import { attemptsOf, classify, Registry, RejectedError, retryWithBackoff, type Severity } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });
const failure = (facts: object) => Object.assign(new Error('failed'), facts);

console.log(classify(failure({ code: 'ECONNRESET' }))); // → transient
console.log(classify(failure({ code: 'ETIMEDOUT' })), classify(failure({ status: 503 }))); // → recoverable recoverable
console.log(classify(failure({ status: 404 })), classify(new TypeError('x is no function'))); // → permanent permanent
console.log(classify(failure({ code: 'ENOSPC' }))); // → critical
console.log(classify(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }))); // → recoverable
console.log(classify('whatever was thrown')); // → recoverable

// A judgement of your own, for one policy; here a 409 may be tried again.
const judge = (error: unknown): Severity =>
  (error as { status?: number }).status === 409 ? 'recoverable' : classify(error);
const conflict = async () => Promise.reject(failure({ status: 409 }));
const retried = retryWithBackoff({ classify: judge, baseDelayMs: 0, registry })(conflict)();
console.log(attemptsOf(await retried.catch((error) => error))); // → 3

// A critical error is not retried, and raises an alarm, once.
registry.on('error:critical', ({ error, site }) => console.log(`${site}: ${(error as { code?: string }).code}`));
const save = retryWithBackoff({ registry })(async function save(): Promise<void> {
  throw failure({ code: 'ENOSPC' });
});
const error = await save().catch((reason) => reason); // → save: ENOSPC
console.log(error instanceof RejectedError, error.code); // → false ENOSPC
