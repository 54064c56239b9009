import { mixin, RecoveryMixin, type RecoveryOptions, StreamingMixin } from '../../src/index.js';

class BaseService {
  readonly region: string = 'eu';
}

class HostService extends mixin(BaseService, StreamingMixin, RecoveryMixin) {
  static override recoveryOptions: RecoveryOptions = {
    preset: 'production',
    timeout: { ms: 500 },
    operations: { quick: { timeout: { ms: 50 }, retry: false } },
  };
  // What it gives is what the operation gives, awaited.
  getStatus(host: string): Promise<{ name: string }> {
    return this.recover('getStatus', async (name: string) => ({ name }), { args: [host] });
  }
  // A service says what its instances have; it may compute it.
  override recoveryOptions: RecoveryOptions = { retry: { maxAttempts: this.region.length } };
}

const service = new HostService();
const { signal } = new AbortController();

const sync: Promise<number> = service.recover('sync', () => 1);
const later: Promise<number> = service.recover('later', async () => 1, { signal });
// What `run` takes follows from the arguments where it does not say.
const inferred: Promise<string> = service.recover('inferred', (name, size) => name.repeat(size), { args: ['x', 2] });
const optional: Promise<number> = service.recover('optional', (size?: number) => size ?? 1);
service.fallbacks.register('getStatus', (host: string) => ({ host }));
service.recoveryOptions = { circuitBreaker: { failureThreshold: 2 } };
void [sync, later, inferred, optional];

// @ts-expect-error another result
const wrong: Promise<string> = service.recover('sync', () => 1);
// @ts-expect-error its argument is not given
void service.recover('load', (host: string) => host);
// @ts-expect-error another argument than it takes
void service.recover('load', (host: string) => host, { args: [5] });
// @ts-expect-error one argument too few
void service.recover('load', (host: string, size: number) => host.repeat(size), { args: ['x'] });
// @ts-expect-error no such option
void service.recover('load', () => 1, { timeoutMs: 5 });
// @ts-expect-error an operation is a name
void service.recover(5, () => 1);
// @ts-expect-error the fallback is no part of the options: it is registered
service.recoveryOptions = { fallback: true };
// @ts-expect-error an operation has policies, no registry of its own
service.recoveryOptions = { operations: { load: { registry: undefined } } };
// @ts-expect-error attempts are a number
service.recoveryOptions = { retry: { maxAttempts: 'three' } };
void wrong;
