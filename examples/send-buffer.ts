import { circuitBreaker, Registry, SendBuffer } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });
const arrived: string[] = [];
let isDown = false;

async function post(reading: string): Promise<void> {
  if (isDown) throw new Error('503');
  arrived.push(reading);
}

const buffer = new SendBuffer<string>({
  name: 'readings',
  send: circuitBreaker({ name: 'collector', failureThreshold: 3, recoveryTimeoutMs: 20_000, registry })(post),
  maxSize: 4,
  registry,
});
registry.on('buffer:dropped', ({ count }) => console.log(`${count} dropped for space`));
registry.on('buffer:flushed', ({ because, flushed, failed }) => console.log(because, { flushed, failed }));

// While it is disabled, a failed send throws; while it is enabled, its item waits.
console.log(await buffer.add('21.0')); // → sent
isDown = true;
console.log(await buffer.add('21.1').catch((error: Error) => error.message)); // → 503
buffer.enable({ reason: 'the collector is down', owner: 'ops' });
for (const reading of ['21.2', '21.3', '21.4']) console.log(await buffer.add(reading));
// → buffered
// → buffered
// → buffered

// A flush keeps the order, and ends when the circuit is open; it comes again when that may close.
await buffer.flush(); // → asked { flushed: 0, failed: 3 }
console.log(buffer.size, registry.breakers.get('collector')?.state); // → 3 open
for (const reading of ['21.5', '21.6']) await buffer.add(reading); // → 1 dropped for space
isDown = false;
await clock.advance(20_000); // → circuit { flushed: 4, failed: 0 }
console.log(arrived); // → [ '21.0', '21.3', '21.4', '21.5', '21.6' ]

// By itself it is enabled when more than a tenth of more than 10 sends have failed: these and the ones above.
buffer.disable();
registry.on('buffer:enabled', ({ because, failureRatio }) => console.log(because, failureRatio));
isDown = true;
for (let reading = 1; reading <= 10; reading++) await buffer.add(`${reading}`).catch(() => {});
console.log(await buffer.add('11'), buffer.enabled);
// → failures 1
// → buffered true

console.log(buffer.snapshot().size, buffer.snapshot().keeps); // → 1 failed
await buffer.close(); // → closing { flushed: 0, failed: 1 }
