/** A host as the server has it. */
export interface Host {
  readonly name: string;
  readonly site: string;
  readonly cpus: number;
}

/** A service that runs on a host. */
export interface Service {
  readonly host: string;
  readonly service: string;
  readonly state: 'OK' | 'WARNING' | 'CRITICAL';
}

/** How many hosts there are at first. */
export const HOSTS = 100_000;

const SITES = ['ams', 'fra', 'sin', 'syd'] as const;

/** What the server knows: hosts by name, and the services on them that are not well. */
export class Inventory {
  readonly #hosts = new Map<string, Host>();
  #names: readonly string[] | undefined = undefined;

  constructor() {
    for (let index = 0; index < HOSTS; index++) {
      const kind = index < 60_000 ? 'web' : index < 90_000 ? 'app' : 'db';
      const name = `${kind}${String(index).padStart(5, '0')}`;
      this.#hosts.set(name, { name, site: SITES[index % 4] ?? 'ams', cpus: 2 ** (1 + (index % 5)) });
    }
  }

  get(name: string): Host | undefined {
    return this.#hosts.get(name);
  }

  /** Gives the host as it is then. */
  put(name: string, changes: Partial<Host>): Host {
    const host = { site: 'ams', cpus: 2, ...this.#hosts.get(name), ...changes, name };
    if (!this.#hosts.has(name)) this.#names = undefined;
    this.#hosts.set(name, host);
    return host;
  }

  delete(name: string): boolean {
    this.#names = undefined;
    return this.#hosts.delete(name);
  }

  /** A page of hosts whose names begin so, and how many there are in all. */
  page(prefix: string, offset: number, limit: number): { items: Host[]; total: number } {
    this.#names ??= [...this.#hosts.keys()];
    const names = prefix === '' ? this.#names : this.#names.filter((name) => name.startsWith(prefix));
    const items = names.slice(offset, offset + limit).map((name) => this.#hosts.get(name) as Host);
    return { items, total: names.length };
  }

  /** Services in one of the states, from a cursor on: one host in 400 has one that is not well. */
  services(states: readonly string[], cursor: number, limit: number): { items: Service[]; nextCursor: string | null } {
    const items: Service[] = [];
    for (let index = cursor; index < HOSTS; index++) {
      if (items.length === limit) return { items, nextCursor: String(index) };
      const state = index % 400 !== 0 ? 'OK' : index % 1_600 === 0 ? 'CRITICAL' : 'WARNING';
      if (states.includes(state)) items.push({ host: `host ${index}`, service: 'disk', state });
    }
    return { items, nextCursor: null };
  }
}
