import { cached, Registry, timed } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });

class Hosts {
  @timed({ slowMs: 500, registry })
  @cached({ registry })
  async find(id: string, tookMs: number): Promise<string> {
    await new Promise<void>((resolve) => clock.setTimeout(resolve, tookMs));
    if (id === '') throw new Error('which host?');
    return id;
  }
}

const hosts = new Hosts();
registry.on('call:slow', ({ site, durationMs }) => console.log(`${site} took ${durationMs} ms`));

const find = async (id: string, tookMs: number) => {
  const call = hosts.find(id, tookMs).catch((error: Error) => error.message);
  await clock.advance(tookMs);
  return call;
};
await find('web1', 100);
await find('web1', 100); // from the cache, in no time
await find('web2', 600); // → Hosts.find took 600 ms
console.log(await find('', 100)); // → which host?

const { totalCalls, errors, minMs, maxMs, slowCalls, cacheHits } = registry.calls.snapshot()['Hosts.find'] ?? {};
console.log({ totalCalls, errors, minMs, maxMs }); // → { totalCalls: 4, errors: 1, minMs: 0, maxMs: 600 }
console.log({ slowCalls, cacheHits }); // → { slowCalls: 1, cacheHits: 1 }
