import { describe, expect, test } from 'vitest';
import { CircuitOpenError } from '../../src/base/errors.js';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { callContext } from '../../src/engine/running.js';
import { BatchOperationsMixin } from '../../src/mixins/batch-operations-mixin.js';
import { mixin } from '../../src/mixins/mixin.js';
import { RecoveryMixin } from '../../src/mixins/recovery-mixin.js';
import type { RecoveryOptions } from '../../src/mixins/recovery-options.js';
import { StreamingMixin } from '../../src/mixins/streaming-mixin.js';
import { circuitBreaker } from '../../src/policies/circuit-breaker.js';
import { Registry } from '../../src/registry/registry.js';
import { registry as shared } from '../../src/registry/default-registry.js';
import type { RegistryEvent } from '../../src/registry/events.js';

const down = Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' });
const wrong = Object.assign(new Error('no such host'), { status: 404 });

class BaseService {
  readonly region: string = 'eu';
}

/** A service with a server that can be down, by a clock that stands still. */
function world(options: RecoveryOptions = {}) {
  const clock = new ManualClock();
  const registry = new Registry({ clock, random: () => 0.5 });
  const events: RegistryEvent[] = [];
  registry.on('*', (event) => events.push(event));
  class HostService extends mixin(BaseService, StreamingMixin, RecoveryMixin, BatchOperationsMixin) {
    static override recoveryOptions: RecoveryOptions = { registry, ...options };
    runs = 0;
    failing: unknown = undefined;
    getStatus(host: string) {
      return this.recover(
        'getStatus',
        async (name: string) => {
          this.runs++;
          if (this.failing !== undefined) throw this.failing;
          return { name, status: 'up' };
        },
        { args: [host] },
      );
    }
    fail(operation: string) {
      return this.recover(operation, async () => {
        this.runs++;
        throw down;
      });
    }
  }
  return { clock, registry, events, HostService };
}

/** At once, without a clock that has to be moved. */
const ONCE: RecoveryOptions = { retry: false };

const unknown = (host: string) => ({ name: host, status: 'unknown' });

const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'nothing',
    (error: unknown) => error,
  );

async function openCircuit(service: { fail(operation: string): Promise<unknown> }, operation: string): Promise<void> {
  for (let call = 0; call < 5; call++) await failure(service.fail(operation));
}

describe('RecoveryMixin', () => {
  test('gives what the operation gives, with its arguments and the service as `this`', async () => {
    const service = new (world().HostService)();

    expect(await service.getStatus('web1')).toEqual({ name: 'web1', status: 'up' });
    const region = await service.recover('region', function (this: BaseService) {
      return this.region;
    } as () => string);
    expect(region).toBe('eu');
  });

  test('tries a failed operation again, after waits that grow', async () => {
    const { clock, HostService } = world({ retry: { jitter: 'none' } });
    const service = new HostService();
    service.failing = down;

    const call = failure(service.getStatus('web1'));
    await clock.advance(999);
    expect(service.runs).toBe(1);
    await clock.advance(1);
    expect(service.runs).toBe(2);
    await clock.advance(2_000);

    expect(service.runs).toBe(3);
    expect(await call).toBe(down);
  });

  test('tries it again or not by the severity of its error', async () => {
    const { clock, HostService } = world();
    const [permanent, transient] = [new HostService(), new HostService()];
    permanent.failing = wrong;
    transient.failing = Object.assign(new Error('reset'), { code: 'ECONNRESET' });

    expect(await failure(permanent.getStatus('web1'))).toBe(wrong);
    expect(permanent.runs).toBe(1);
    const call = failure(transient.getStatus('web1'));
    await clock.advance(0);
    expect(transient.runs).toBe(2);
    await clock.advance(2_000);
    await call;
  });

  test('judges severity by a `classify` of its own', async () => {
    const { HostService } = world({ classify: () => 'permanent' });
    const service = new HostService();
    service.failing = down;

    await failure(service.getStatus('web1'));

    expect(service.runs).toBe(1);
  });

  test('has a breaker for each operation, which all instances of the class share', async () => {
    const { registry, HostService } = world(ONCE);
    const [one, other] = [new HostService(), new HostService()];
    await openCircuit(one, 'getStatus');

    expect(await failure(other.getStatus('web1'))).toBeInstanceOf(CircuitOpenError);
    expect(await failure(other.fail('getLoad'))).toBe(down);
    expect(registry.breakers.names()).toEqual(['HostService.getLoad', 'HostService.getStatus']);
    expect(registry.breakers.get('HostService.getStatus')?.state).toBe('open');
  });

  test('closes the circuit again once the operation comes through', async () => {
    const { clock, registry, HostService } = world({ ...ONCE, circuitBreaker: { successThreshold: 1 } });
    const service = new HostService();
    await openCircuit(service, 'getStatus');
    await clock.advance(60_000);

    await service.getStatus('web1');

    expect(registry.breakers.get('HostService.getStatus')?.state).toBe('closed');
  });

  test('keeps subclasses apart, whose operations are others under the same name', async () => {
    const { registry, HostService } = world(ONCE);
    class EdgeService extends HostService {}

    await failure(new HostService().fail('load'));
    await failure(new EdgeService().fail('load'));

    expect(registry.breakers.names()).toEqual(['EdgeService.load', 'HostService.load']);
  });
});

describe('the fallbacks of RecoveryMixin', () => {
  test('answer for their operation, with its arguments and the service as `this`', async () => {
    const { HostService } = world(ONCE);
    const service = new HostService();
    service.failing = down;
    service.fallbacks.register('getStatus', function (this: BaseService, ...args: string[]) {
      return { name: args.join(), status: `unknown in ${this.region}` };
    } as (host: string) => unknown);

    expect(await service.getStatus('web1')).toEqual({ name: 'web1', status: 'unknown in eu' });
    expect(await failure(service.fail('getLoad'))).toBe(down);
  });

  test('know why, and answer for rejections too', async () => {
    const { HostService } = world(ONCE);
    const service = new HostService();
    await openCircuit(service, 'getStatus');
    service.fallbacks.register('getStatus', () => callContext().error);

    expect(await service.getStatus('web1')).toBeInstanceOf(CircuitOpenError);
  });

  test('of the instance come first, then those of the registry by the whole name, then by the operation alone', async () => {
    const { registry, HostService } = world(ONCE);
    const [one, other] = [new HostService(), new HostService()];
    one.failing = other.failing = down;
    const answered: unknown[] = [];
    const answers = async () => answered.push(await one.getStatus('x'), await other.getStatus('x'));

    registry.fallbacks.register('getStatus', () => 'any class');
    await answers();
    registry.fallbacks.register('HostService.getStatus', () => 'this class');
    await answers();
    one.fallbacks.register('getStatus', () => 'this instance');
    await answers();
    one.fallbacks.unregister('getStatus');
    await answers();

    expect(answered.join(', ')).toBe(
      'any class, any class, this class, this class, this instance, this class, this class, this class',
    );
  });

  test('without one the failure goes on as it was, and nothing has answered', async () => {
    const { events, HostService } = world(ONCE);

    expect(await failure(new HostService().fail('getLoad'))).toBe(down);
    expect(events.map(({ type }) => type)).not.toContain('call:fallback');
  });

  test('that fail too throw their own error, with the first as its cause', async () => {
    const { HostService } = world(ONCE);
    const service = new HostService();
    const second = new Error('no copy');
    service.failing = down;
    service.fallbacks.register('getStatus', () => {
      throw second;
    });

    expect(await failure(service.getStatus('web1'))).toBe(second);
    expect(second.cause).toBe(down);
  });

  test('do not answer the caller who has given up', async () => {
    const { clock, HostService } = world();
    const service = new HostService();
    const controller = new AbortController();
    service.fallbacks.register('load', () => 'answered');

    const call = service.recover('load', () => Promise.reject(down), { signal: controller.signal });
    await clock.advance(1);
    controller.abort('gone');

    expect(await failure(call)).toBe('gone');
  });
});

describe('the options of RecoveryMixin', () => {
  test('say what stands round all operations, and what is different for one', async () => {
    const { clock, HostService } = world({
      retry: false,
      timeout: { ms: 1_000 },
      operations: { quick: { timeout: { ms: 100 } }, patient: { retry: { maxAttempts: 2, jitter: 'none' } } },
    });
    const service = new HostService();
    const settled: string[] = [];
    for (const operation of ['usual', 'quick']) {
      void service.recover(operation, () => new Promise(() => {})).catch(() => settled.push(operation));
    }

    await clock.advance(100);
    expect(settled).toEqual(['quick']);
    await clock.advance(900);
    expect(settled).toEqual(['quick', 'usual']);
    const patient = failure(service.fail('patient'));
    await clock.advance(1_000);
    await patient;
    expect(service.runs).toBe(2);
  });

  test('an operation may have a name that all objects have', async () => {
    const { HostService } = world({ ...ONCE, operations: {} });

    expect(await new HostService().recover('constructor', () => 1)).toBe(1);
    expect(await new HostService().recover('__proto__', () => 2)).toBe(2);
  });

  test('of an instance stand in the place of those of its class, set or declared', async () => {
    const { registry, HostService } = world(ONCE);
    class Twice extends HostService {
      override recoveryOptions: RecoveryOptions = { registry, retry: { maxAttempts: 2, baseDelayMs: 0 } };
    }
    const [set, plain, declared] = [new HostService(), new HostService(), new Twice()];
    set.recoveryOptions = { ...set.recoveryOptions, retry: { maxAttempts: 4, baseDelayMs: 0 } };

    for (const service of [set, plain, declared]) {
      const call = failure(service.fail('load'));
      await (registry.clock as ManualClock).advance(0);
      await call;
    }

    expect([set, plain, declared].map(({ runs }) => runs)).toEqual([4, 1, 2]);
  });

  test('that say the same share a breaker, whoever has them', async () => {
    const { registry, HostService } = world(ONCE);
    class Declared extends HostService {
      override recoveryOptions: RecoveryOptions = { registry, retry: false, circuitBreaker: { failureThreshold: 2 } };
    }
    for (let call = 0; call < 2; call++) await failure(new Declared().fail('load'));

    expect(await failure(new Declared().fail('load'))).toBeInstanceOf(CircuitOpenError);
    expect(registry.breakers.names()).toEqual(['Declared.load']);
  });

  test('a preset sets breaker, retries and timeout, and what stands beside it wins', async () => {
    const { registry, HostService } = world({ preset: 'low-latency' });
    const service = new HostService();

    await failure(service.fail('load'));

    expect(service.runs).toBe(1);
    expect(registry.breakers.names()).toEqual([]);
  });

  test('take a policy that is shared with others', async () => {
    const { registry, HostService } = world();
    const api = circuitBreaker({ name: 'api', failureThreshold: 2, registry });
    const service = new HostService();
    service.recoveryOptions = { registry, retry: false, circuitBreaker: api };

    await failure(service.fail('one'));
    await failure(service.fail('two'));

    expect(registry.breakers.get('api')?.state).toBe('open');
    expect(registry.breakers.names()).toEqual(['api']);
  });

  test('hand the arguments of the call to `key` and to a time that is computed', async () => {
    const { registry, HostService } = world({
      retry: false,
      circuitBreaker: { key: (host: string) => host },
      timeout: { ms: (host: string) => host.length * 1_000 },
    });
    const service = new HostService();

    await service.recover('load', async (host: string, _size: number) => host, {
      args: ['web1', 5],
      signal: new AbortController().signal,
    });

    expect(Object.keys(registry.snapshot().breakers['HostService.load']?.keys ?? {})).toEqual(['web1']);
  });

  test('name the class where it has no name', async () => {
    const { registry, HostService } = world();
    const [anonymous, named] = [new (class extends HostService {})(), new HostService()];
    Object.defineProperty(anonymous.constructor, 'name', { value: '' });
    named.recoveryOptions = { registry, name: 'Hosts' };

    await anonymous.recover('load', () => 1);
    await named.recover('load', () => 1);

    expect(registry.breakers.names()).toEqual(['Hosts.load', 'load']);
  });

  test('that are wrong are told at the first call, as a rejected promise', async () => {
    const { registry, HostService } = world();
    const told = async (recoveryOptions: object) => {
      const service = new HostService();
      service.recoveryOptions = { registry, ...recoveryOptions };
      return String(await failure(service.getStatus('web1')));
    };

    expect(await told({ retries: 3 })).toMatch(/RecoveryMixin: unknown option `retries`.*`retry`/);
    expect(await told({ retry: { maxAttempts: 0 } })).toContain('`maxAttempts` takes a whole number from 1');
    expect(await told({ cached: true })).toContain('RecoveryMixin: unknown option `cached`');
    expect(await told({ operations: [] })).toContain('`operations` takes an object with policies for each operation');
    expect(await told({ operations: { getStatus: { tries: 1 } } })).toContain(
      "RecoveryMixin, operation 'getStatus': unknown option `tries`",
    );
    expect(await told({ name: '' })).toContain('`name` takes a text');
  });

  test('a call that is wrong is told likewise', async () => {
    const service = new (world().HostService)();
    const recover = service.recover.bind(service) as (...args: unknown[]) => Promise<unknown>;

    expect(String(await failure(recover('', () => 1)))).toContain('recover: `operation` takes a text, got ""');
    expect(String(await failure(recover('load')))).toContain("recover('load', …) takes a function that runs it");
    expect(String(await failure(recover('load', () => 1, { args: 5 })))).toContain('`args` takes an array');
    expect(String(await failure(recover('load', () => 1, { signal: 5 })))).toContain('`signal` takes an AbortSignal');
    expect(String(await failure(recover('load', () => 1, { sginal: 5 })))).toContain('unknown option `sginal`');
  });
});

describe('a signal of RecoveryMixin', () => {
  test('ends the waits between attempts', async () => {
    const { clock, registry, HostService } = world();
    const service = new HostService();
    const controller = new AbortController();

    const call = service.recover('load', () => Promise.reject(down), { signal: controller.signal });
    await clock.advance(1);
    controller.abort('gone');

    expect(await failure(call)).toBe('gone');
    await registry.close();
    expect(clock.pendingTimers).toBe(0);
  });

  test('is seen by the work', async () => {
    const { HostService } = world();
    const controller = new AbortController();
    const work = () => {
      const { signal } = callContext();
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };

    const call = new HostService().recover('load', work, { signal: controller.signal });
    controller.abort('gone');

    expect(await failure(call)).toBe('gone');
  });

  test('is joined with one among the arguments; either ends the call', async () => {
    for (const which of [0, 1]) {
      const { clock, HostService } = world();
      const controllers = [new AbortController(), new AbortController()];
      const [own, other] = controllers.map(({ signal }) => signal) as [AbortSignal, AbortSignal];
      const given: unknown[] = [];
      const call = new HostService().recover(
        'load',
        async (...args: [string, { signal: AbortSignal }]) => {
          given.push(args.length, args[0]);
          throw down;
        },
        { args: ['web1', { signal: own }], signal: other },
      );
      await clock.advance(1);
      controllers[which]?.abort('gone');

      expect(await failure(call)).toBe('gone');
      expect(given).toEqual([2, 'web1']);
    }
  });

  test('that is given beside arguments is none of them', async () => {
    const service = new (world().HostService)();
    const count = (...args: [number?, number?, unknown?]) => args.length;

    expect(await service.recover('count', count, { args: [1, 2], signal: new AbortController().signal })).toBe(2);
  });
});

describe('what RecoveryMixin leaves', () => {
  test('is told by events and explained under the name of the operation', async () => {
    const { registry, events, HostService } = world({ retry: { maxAttempts: 2, baseDelayMs: 0 } });
    const service = new HostService();
    service.failing = down;
    service.fallbacks.register('getStatus', unknown);

    const call = service.getStatus('web1');
    await (registry.clock as ManualClock).advance(0);
    await call;

    const told = events.map(({ type, site }) => `${type} ${site}`);
    expect(told).toEqual([
      'call:retry HostService.getStatus',
      'call:exhausted HostService.getStatus',
      'call:fallback HostService.getStatus',
    ]);
    const [{ callId } = { callId: '' }] = events;
    expect(registry.explain(callId).text).toContain('answered by the fallback');
    expect(registry.snapshot().metrics['calls']?.['HostService.getStatus']).toMatchObject({ retries: 1, answered: 1 });
  });

  test('is one fused wrapper, made once for each operation', async () => {
    const { registry, HostService } = world(ONCE);
    for (let call = 0; call < 3; call++) await new HostService().getStatus('web1');

    const members = registry.members().filter(({ site }) => site === 'HostService.getStatus');
    expect(members.map(({ policies }) => policies.map(({ kind }) => kind))).toEqual([['fallback', 'circuitBreaker']]);
  });

  test('is bounded: past 1 000 operations of a class the least recently used begins anew', async () => {
    const { registry, HostService } = world({ ...ONCE, bulkhead: true });
    const service = new HostService();
    await service.recover('used', () => 1);
    for (let serial = 0; serial < 1_500; serial++) {
      await service.recover(`get:${serial}`, () => 1);
      await service.recover('used', () => 1);
    }

    expect([registry.breakers.size, registry.limiters.size]).toEqual([1_000, 1_000]);
    expect(registry.breakers.get('HostService.used')?.snapshot().totalCalls).toBe(1_501);
    expect(registry.breakers.has('HostService.get:0')).toBe(false);
    expect(registry.breakers.has('HostService.get:1499')).toBe(true);
  });

  test('what bears a name of its own stays when an operation is forgotten', async () => {
    const { registry, HostService } = world({ ...ONCE, circuitBreaker: { name: 'api' } });
    const service = new HostService();
    for (let serial = 0; serial < 1_001; serial++) await service.recover(`get:${serial}`, () => 1);

    expect(registry.breakers.get('api')?.snapshot().totalCalls).toBe(1_001);
  });

  test('is in the shared registry where the class names none', async () => {
    class Plain extends mixin(BaseService, RecoveryMixin) {}
    const service = new Plain();
    shared.fallbacks.register('Plain.load', () => 'kept');

    expect(await service.recover('load', () => Promise.reject(wrong))).toBe('kept');
    expect(shared.breakers.has('Plain.load')).toBe(true);
    shared.fallbacks.unregister('Plain.load');
    shared.forget('Plain.load');
  });

  test('a closed registry rejects its calls', async () => {
    const { registry, HostService } = world();
    await registry.close();

    expect(await failure(new HostService().getStatus('web1'))).toMatchObject({ code: 'ERR_CLOSED' });
  });
});
