import { type RateLimitedError, Registry, rateLimit } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });

class Mails {
  @rateLimit({ name: 'mail', limit: 2, intervalMs: 1_000, registry })
  async send(to: string): Promise<string> {
    return `sent to ${to}`;
  }
}

const mails = new Mails();
console.log(await mails.send('ada'), await mails.send('bob')); // → sent to ada sent to bob
const error = (await mails.send('cy').catch((reason) => reason)) as RateLimitedError;
console.log(error.message); // → 'mail' has let 2 calls in 1 000 ms through; try again in 500 ms
console.log(error.code, error.retryAfterMs); // → ERR_RATE_LIMITED 500

// A bucket refills steadily: half a second brings one of the two back.
clock.advance(500);
console.log(await mails.send('cy')); // → sent to cy

// A sliding window never lets more than `limit` through in any interval. Here each tenant has one of its own.
const search = rateLimit({
  name: 'search',
  limit: 1,
  intervalMs: 1_000,
  algorithm: 'sliding-window',
  key: (tenant: string) => tenant,
  registry,
})((tenant: string, words: string) => `${words}, for ${tenant}`);

console.log(search('north', 'lamps')); // → lamps, for north
console.log(search('south', 'lamps')); // → lamps, for south
try {
  search('north', 'desks');
} catch (reason) {
  console.log(`${reason}`); // → RateLimitedError: 'search' for 'north' has let 1 call in 1 000 ms through; try again in 1 000 ms
}
