import { circuitBreaker, Registry } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });
let isDown = true;

class Quotes {
  @circuitBreaker({ name: 'quotes-api', failureThreshold: 3, recoveryTimeoutMs: 30_000, registry })
  async price(symbol: string): Promise<number> {
    if (isDown) throw new Error(`no answer for ${symbol}`);
    return 42;
  }
}

const quotes = new Quotes();
const call = () => quotes.price('ACME').catch((error: Error) => `${error.name}: ${error.message}`);

console.log(await call()); // → Error: no answer for ACME
await call();
await call();
console.log(await call()); // → CircuitOpenError: 'quotes-api' is open after 3 failures in a row; try again in 30 000 ms

const breaker = registry.breakers.get('quotes-api');
console.log(breaker?.state); // → open
clock.advance(30_000);
console.log(breaker?.state); // → half-open

isDown = false;
console.log(await call(), breaker?.state); // → 42 half-open
console.log(await call(), breaker?.state); // → 42 closed

breaker?.isolate({ reason: 'moving the database', owner: 'ops', ttlMs: 60_000 });
console.log(await call()); // → CircuitOpenError: 'quotes-api' is isolated by ops (moving the database); try again in 60 000 ms
