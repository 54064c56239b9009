import { Registry } from 'holdfast';
import { throttle } from 'holdfast/throttle';

const registry = new Registry();
const begun: number[] = [];

/** A service that asks for no more than one call in 100 ms. */
class Geocoder {
  @throttle({ name: 'geocoder', minTimeMs: 100, maxQueue: 3, registry })
  async find(place: string, _signal?: AbortSignal): Promise<string> {
    begun.push(performance.now());
    return `${place} found`;
  }
}

const geocoder = new Geocoder();
const outcome = (call: Promise<unknown>) => call.catch((error: Error) => `${error.name}: ${error.message}`);
const bath = geocoder.find('Bath');
const leeds = geocoder.find('Leeds');
const york = geocoder.find('York');

// Who gives up leaves the line at once, and its place is free.
const controller = new AbortController();
const hull = outcome(geocoder.find('Hull', controller.signal));
controller.abort(new Error('nobody asks any more'));
console.log(await hull); // → Error: nobody asks any more
const ripon = geocoder.find('Ripon');

// The first is on its way, three wait, and the next is rejected at once.
console.log(await outcome(geocoder.find('Wells'))); // → RateLimitedError: 'geocoder' is at its limit and has 3 calls in line
const snapshot = registry.limiters.get('geocoder')?.snapshot();
if (snapshot !== undefined && 'reservoir' in snapshot) {
  const { running, queued, rejected } = snapshot;
  console.log({ running, queued, rejected }); // → { running: 0, queued: 3, rejected: 1 }
}

console.log(await Promise.all([bath, leeds, york, ripon])); // → [ 'Bath found', 'Leeds found', 'York found', 'Ripon found' ]
const apart = begun.slice(1).map((at, index) => at - (begun[index] ?? 0) > 90);
console.log(apart); // → [ true, true, true ]

// A quota: three calls in 200 ms, however many there are.
const quota = throttle({ name: 'quota', reservoir: 3, reservoirRefreshMs: 200, registry })(async (n: number) => n * n);
const from = performance.now();
console.log(await Promise.all([1, 2, 3, 4].map((n) => quota(n)))); // → [ 1, 4, 9, 16 ]
console.log(performance.now() - from >= 200); // → true

// Once the registry is closed nobody waits any more, and the process can exit.
const last = [1, 2, 3, 4].map((n) => outcome(quota(n)));
await registry.close();
console.log((await Promise.all(last)).at(-1)); // → ClosedError: 'quota' is closed
