import {
  type BatchItemContext,
  BatchOperationsMixin,
  type BatchProcessorOptions,
  type BatchProgress,
  CachingMixin,
  cached,
  callContext,
  type LoadingCache,
  MetricsMixin,
  mixin,
  RecoveryMixin,
  type RecoveryOptions,
  StreamingMixin,
} from 'holdfast';
import type { HostsApi } from './hosts-api.js';
import type { Host, Service } from './inventory.js';

/** What every service has, whatever else it can do. */
class BaseService {
  readonly api: HostsApi;

  constructor(api: HostsApi) {
    this.api = api;
  }
}

/** Hosts of a monitoring system: streamed, cached, created and changed in batches, measured, and there in bad times. */
export class HostService extends mixin(
  BaseService,
  StreamingMixin,
  CachingMixin,
  BatchOperationsMixin,
  MetricsMixin,
  RecoveryMixin,
) {
  declare readonly cache: LoadingCache<string, readonly Host[]>;
  static override defaultBatchSize = 500;
  static override cacheOptions = { maxEntries: 10_000, ttlMs: 60_000 };
  static override batchOptions: BatchProcessorOptions = { maxConcurrent: 20, rateLimit: 100, retryDelayMs: 50 };
  static override recoveryOptions: RecoveryOptions = {
    retry: { maxAttempts: 3, baseDelayMs: 20 },
    circuitBreaker: { failureThreshold: 5, successThreshold: 2, recoveryTimeoutMs: 1_500 },
    timeout: { ms: 2_000 },
  };

  /** All hosts, or those whose names begin so (`web*`), a batch at a time; four pages are on their way at once. */
  streamHosts({ search, batchSize = this.defaultBatchSize }: { search?: string; batchSize?: number } = {}) {
    const options = { name: 'streamHosts', batchSize, concurrency: 4, retry: { baseDelayMs: 50 } };
    return this.streamPaginated<Host>(
      ({ offset, limit, signal }) => this.api.hosts({ offset, limit, search }, signal),
      options,
    );
  }

  /** Services of all hosts that are in one of the states; this source goes by cursors. */
  streamServices(states: readonly Service['state'][]) {
    return this.streamPaginated<Service>(
      ({ cursor = '0', limit, signal }) => this.api.services(states, cursor, limit, signal),
      { name: 'streamServices', batchSize: 200 },
    );
  }

  /** The first hosts whose names begin so, out of the cache for a minute. */
  listHosts(search: string): Promise<readonly Host[]> {
    const query = { offset: 0, limit: this.defaultBatchSize, search };
    const load = async () => (await this.#metered('listHosts', () => this.api.hosts(query))).items;
    return this.cache.getOrLoad(`lists:${search}`, load);
  }

  /** A host, out of the cache for five minutes or until it is changed. */
  @cached({ keyPrefix: 'hosts', ttlMs: 300_000 })
  async getHost(name: string): Promise<Host> {
    return this.#metered('getHost', () => this.api.host(name));
  }

  /** Changes a host, and lets what the cache has of it go. */
  updateHost(name: string, changes: Partial<Host>): Promise<Host> {
    return this.#changing(name, () => this.api.update(name, changes));
  }

  /** Creates many, each tried again on its own; one without CPUs is not even tried. */
  bulkCreate(hosts: readonly (Partial<Host> & { name: string })[], onProgress: (progress: BatchProgress) => void) {
    return this.batchCreate(
      hosts,
      (host, { signal }) => this.#changing(host.name, () => this.api.create(host, signal)),
      {
        resourceType: 'host',
        validate: ({ cpus = 1 }) => cpus > 0 || 'it has no CPUs',
        onProgress,
      },
    );
  }

  /** Changes many. */
  bulkUpdate(names: readonly string[], changes: Partial<Host>) {
    return this.batchUpdate(names, (name) => this.updateHost(name, changes), { resourceType: 'host' });
  }

  /** Deletes many. */
  bulkDelete(names: readonly string[]) {
    const remove = (name: string, { signal }: BatchItemContext) =>
      this.#changing(name, () => this.api.delete(name, signal));
    return this.batchDelete(names, remove, { resourceType: 'host' });
  }

  /** Whether a host is up: through a breaker, with retries, and answered by the fallback of this name when all fails. */
  getHostStatus(name: string): Promise<{ name: string; status: string }> {
    const ask = (name: string) => this.#metered('getHostStatus', () => this.api.status(name, callContext().signal));
    return this.recover('getHostStatus', ask, { args: [name] });
  }

  async #changing<Result>(name: string, change: () => Promise<Result>): Promise<Result> {
    const result = await this.#metered('changeHost', change);
    this.invalidateCachePattern(`hosts:*${name}*`);
    this.invalidateCachePattern('lists:*');
    return result;
  }

  /** Books how long it took, and whether it was good. */
  async #metered<Result>(operation: string, run: () => Promise<Result>): Promise<Result> {
    const startedAt = performance.now();
    let success = false;
    try {
      const result = await run();
      success = true;
      return result;
    } finally {
      this.recordOperation(operation, performance.now() - startedAt, { success });
    }
  }
}
