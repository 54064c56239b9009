import { cached, circuitBreaker, Registry } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

// A program uses the one that is exported as `registry`; a test makes its own.
const registry = new Registry({ clock: new ManualClock() });

class Quotes {
  @cached({ name: 'quotes', registry })
  @circuitBreaker({ name: 'quotes-api', registry })
  async price(symbol: string): Promise<string> {
    return `${symbol} 42`;
  }
}

registry.on('*', ({ type, name }) => console.log(`${type} from ${name}`));
console.log(await new Quotes().price('ACME'));
// → cache:miss from quotes
// → ACME 42

// Looking into it: objects, or plain JSON.
for (const [name, breaker] of registry.breakers) console.log(name, breaker.state); // → quotes-api closed
console.log(registry.caches.names(), registry.caches.has('quotes')); // → [ 'quotes' ] true
const { version, takenAt, breakers, caches } = registry.snapshot();
console.log(version, new Date(takenAt).toISOString()); // → 1 2026-01-01T00:00:00.000Z
console.log(breakers['quotes-api'], caches['quotes']?.size);
// → {
// →   state: 'closed',
// →   totalCalls: 1,
// →   successfulCalls: 1,
// →   failedCalls: 0,
// →   ignoredCalls: 0,
// →   rejectedCalls: 0,
// →   slowCalls: 0,
// →   wouldRejectCalls: 0,
// →   failureRate: 0,
// →   consecutiveFailures: 0,
// →   openedAt: null,
// →   nextAttemptAt: null,
// →   lastError: null,
// →   override: null
// → } 1

// Acting on it: each act is an event, with who and why.
registry.once('breaker:act', ({ act, reason, owner }) => console.log(`${owner} did ${act}: ${reason}`));
registry.breakers.get('quotes-api')?.isolate({ reason: 'maintenance', owner: 'ops' });
// → breaker:state from quotes-api
// → ops did isolate: maintenance
// → breaker:act from quotes-api

await registry.close(); // → registry:closed from registry
console.log(`${await new Quotes().price('ACME').catch((error) => error.code)}`); // → ERR_CLOSED
