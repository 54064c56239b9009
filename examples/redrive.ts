import { circuitBreaker, compose, deadLetter, Registry } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });
const placed: string[] = [];
let isDown = true;

const place = compose(
  deadLetter({ name: 'orders', maxRedrives: 2, registry }),
  circuitBreaker({ name: 'shop', failureThreshold: 3, successThreshold: 1, recoveryTimeoutMs: 30_000, registry }),
)(async function place(item: string): Promise<void> {
  if (isDown || item === 'poison') throw new Error('down');
  placed.push(item);
});

for (const item of ['lamp', 'poison', 'desk']) await place(item).catch(() => {});
const queue = registry.deadLetters.get('orders');
console.log(queue?.size, registry.breakers.get('shop')?.state); // → 3 open

// The circuit is open: a redrive runs nothing, unless it is told to wait for the breaker.
console.log((await queue?.redrive())?.stoppedBy); // → circuit-open
isDown = false;
const redrive = queue?.redrive({ whenOpen: 'wait', ratePerSecond: 5 });
await clock.advance(31_000);
const { succeeded, failed } = (await redrive) ?? {};
console.log({ succeeded, failed }, placed); // → { succeeded: 2, failed: 1 } [ 'lamp', 'desk' ]

// What fails again and again is parked: kept, and passed by until somebody asks for it.
await queue?.redrive();
console.log(queue?.snapshot().parked, (await queue?.redrive())?.skipped); // → 1 1
console.log((await queue?.redrive({ parked: 'run' }))?.failed); // → 1
