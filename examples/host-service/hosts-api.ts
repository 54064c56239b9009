import type { Page } from 'holdfast';
import type { Host, Service } from './inventory.js';

/** What a page of hosts is asked for by. */
export interface HostsQuery {
  readonly offset: number;
  readonly limit: number;
  /** The beginning of names: `web*`. */
  readonly search?: string | undefined;
}

/** The plain HTTP client under the service; it protects nothing. */
export class HostsApi {
  /** Requests that were sent. */
  requests = 0;
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  hosts({ offset, limit, search }: HostsQuery, signal?: AbortSignal): Promise<Page<Host>> {
    const named = search === undefined ? '' : `&search=${encodeURIComponent(search)}`;
    return this.#send('GET', `/hosts?offset=${offset}&limit=${limit}${named}`, { signal });
  }

  services(states: readonly string[], cursor: string, limit: number, signal?: AbortSignal): Promise<Page<Service>> {
    return this.#send('GET', `/services?states=${states.join()}&cursor=${cursor}&limit=${limit}`, { signal });
  }

  host(name: string): Promise<Host> {
    return this.#send('GET', `/hosts/${name}`);
  }

  status(name: string, signal?: AbortSignal): Promise<{ name: string; status: string }> {
    return this.#send('GET', `/hosts/${name}/status`, { signal });
  }

  create({ name, ...rest }: Partial<Host> & { name: string }, signal?: AbortSignal): Promise<Host> {
    return this.#send('POST', `/hosts/${name}`, { body: rest, signal });
  }

  update(name: string, changes: Partial<Host>, signal?: AbortSignal): Promise<Host> {
    return this.#send('PATCH', `/hosts/${name}`, { body: changes, signal });
  }

  delete(name: string, signal?: AbortSignal): Promise<{ deleted: boolean }> {
    return this.#send('DELETE', `/hosts/${name}`, { signal });
  }

  async #send<Answer>(method: string, path: string, { body, signal }: Sent = {}): Promise<Answer> {
    this.requests++;
    const response = await fetch(this.#url + path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
    });
    // Read in any case: a connection with an unread body is not used again.
    const text = await response.text();
    // The status is where holdfast's severity looks for it: a 503 is retried, a 404 is not.
    if (!response.ok) throw Object.assign(new Error(`HTTP ${response.status}`), { status: response.status });
    return JSON.parse(text) as Answer;
  }
}

interface Sent {
  readonly body?: object;
  readonly signal?: AbortSignal | undefined;
}
