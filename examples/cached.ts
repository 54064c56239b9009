import { cached, Registry } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });

class Hosts {
  loads = 0;

  @cached({ name: 'hosts', keyPrefix: 'hosts', ttlMs: 60_000, staleIfErrorMs: 600_000, registry })
  async find(id: string, options: { deep?: boolean } = {}): Promise<string> {
    this.loads++;
    if (this.loads > 4) throw new Error('directory is down');
    return `${id} #${this.loads}${options.deep ? ' with details' : ''}`;
  }
}

const hosts = new Hosts();
console.log(await Promise.all([hosts.find('web1'), hosts.find('web1')])); // → [ 'web1 #1', 'web1 #1' ]
console.log(await hosts.find('web1')); // → web1 #1
console.log(await hosts.find('web1', { deep: true })); // → web1 #2 with details

// Each instance has values of its own.
console.log(await new Hosts().find('web1'), await hosts.find('web1')); // → web1 #1 web1 #1

const cache = registry.caches.get('hosts');
console.log(cache?.invalidate('hosts:*web1*')); // → 3
console.log(await hosts.find('web1')); // → web1 #3

await clock.advance(60_000);
console.log(await hosts.find('web1')); // → web1 #4

// Past its time, and the load fails: the old value answers.
await clock.advance(60_000);
console.log(await hosts.find('web1')); // → web1 #4

const { hits, misses, coalesced, staleServed } = registry.snapshot().caches['hosts'] ?? {};
console.log({ hits, misses, coalesced, staleServed }); // → { hits: 2, misses: 7, coalesced: 1, staleServed: 1 }
