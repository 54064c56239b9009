import { callContext, mixin, RecoveryMixin, type RecoveryOptions, Registry } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });

// The monitoring API, as the service sees it.
let isUp = true;
const api = {
  async status(host: string) {
    if (!isUp) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    return { host, status: 'up' };
  },
};

class BaseService {}
class HostService extends mixin(BaseService, RecoveryMixin) {
  static override recoveryOptions: RecoveryOptions = {
    registry,
    retry: { maxAttempts: 2, jitter: 'none' },
    circuitBreaker: { failureThreshold: 2, recoveryTimeoutMs: 30_000 },
    operations: { reboot: { retry: false } }, // what must not be done twice
  };
  getStatus(host: string) {
    return this.recover('getStatus', (name: string) => api.status(name), { args: [host] });
  }
  reboot() {
    return this.recover('reboot', () => Promise.reject(new Error('no answer')));
  }
}

const service = new HostService();
console.log(await service.getStatus('web1')); // → { host: 'web1', status: 'up' }

// The API goes down: tried again after a second, then the caller gets its error.
isUp = false;
const first = service.getStatus('web1').catch((error) => error.code);
await clock.advance(1_000);
console.log(await first); // → ECONNREFUSED

// Two failures have opened the circuit of this operation; a fallback answers, and knows why.
service.fallbacks.register('getStatus', (host: string) => ({
  host,
  status: 'unknown',
  why: (callContext().error as { code: string }).code,
}));
console.log(await service.getStatus('web1')); // → { host: 'web1', status: 'unknown', why: 'ERR_CIRCUIT_OPEN' }
console.log(await service.reboot().catch((error) => error.message)); // → no answer

for (const [name, { state }] of registry.breakers) console.log(name, state);
// → HostService.getStatus open
// → HostService.reboot closed

// Half a minute later the API is back, and two calls close the circuit.
isUp = true;
await clock.advance(30_000);
console.log(await service.getStatus('web1'), (await service.getStatus('web2')).host);
// → { host: 'web1', status: 'up' } web2
console.log(registry.breakers.get('HostService.getStatus')?.state); // → closed
await registry.close();
