import { cached, invalidates, Registry } from 'holdfast';

const registry = new Registry();

class Hosts {
  names = new Map([
    ['7', 'web1'],
    ['8', 'web2'],
  ]);

  @cached({ name: 'hosts', keyPrefix: 'hosts', registry })
  async nameOf(id: string): Promise<string | undefined> {
    return this.names.get(id);
  }

  @invalidates({ cache: 'hosts', pattern: (id: string) => `hosts:["${id}"]`, registry })
  async rename(id: string, name: string): Promise<void> {
    if (name === '') throw new Error('a name is not empty');
    this.names.set(id, name);
  }
}

const hosts = new Hosts();
registry.on('cache:invalidated', ({ pattern, count, owner }) => console.log(`${owner}: ${pattern} took ${count}`));
console.log(await hosts.nameOf('7'), await hosts.nameOf('8')); // → web1 web2

hosts.names.set('7', 'changed behind the cache');
console.log(await hosts.nameOf('7')); // → web1

await hosts.rename('7', 'mail1'); // → Hosts.rename: hosts:["7"] took 1
console.log(await hosts.nameOf('7'), await hosts.nameOf('8')); // → mail1 web2

// A call that fails removes nothing.
await hosts.rename('8', '').catch((error: Error) => console.log(error.message)); // → a name is not empty
console.log(registry.snapshot().caches['hosts']?.size); // → 2
