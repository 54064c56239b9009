import { describe, expect, test } from 'vitest';
import { cached, circuitBreaker, policiesOf, Registry, resilient, retryWithBackoff, timeout } from '../../src/index.js';
import { ManualClock } from '../../src/edges/testing/index.js';
import type { ConfigurationSettings } from '../../src/registry/configuration.js';

/** Settings as `holdfast/config` makes them, written down plainly. */
function settings(
  defaults: Record<string, object>,
  named: Record<string, Record<string, object | false>> = {},
): ConfigurationSettings {
  return { defaultsFor: (kind) => defaults[kind], namedFor: (kind, name) => named[name]?.[kind] };
}

function rig() {
  const clock = new ManualClock();
  const registry = new Registry({ clock, random: () => 0.5 });
  const runs: number[] = [];
  const failing = async (): Promise<string> => {
    runs.push(clock.now());
    throw new Error('down');
  };
  return { clock, registry, runs, failing, configuration: registry.configuration };
}

describe('what a registry is told from outside', () => {
  test('stands in for what code leaves out, and not for what it says', async () => {
    const { clock, registry, runs, failing, configuration } = rig();
    configuration.apply(settings({ retry: { maxAttempts: 2, baseDelayMs: 10, jitter: 'none' } }));
    const leaving = retryWithBackoff({ registry })(failing);
    const saying = retryWithBackoff({ maxAttempts: 4, registry })(failing);

    const first = leaving().catch(() => {});
    await clock.advance(1_000);
    await first;
    expect(runs).toHaveLength(2);
    const second = saying().catch(() => {});
    await clock.advance(1_000);
    await second;
    expect(runs).toHaveLength(6);
  });

  test('goes before code where it names the place', async () => {
    const { clock, registry, runs, failing, configuration } = rig();
    configuration.apply(settings({}, { failing: { retry: { maxAttempts: 1 } } }));
    const call = retryWithBackoff({ maxAttempts: 4, registry })(failing);

    const ended = call().catch(() => {});
    await clock.advance(10_000);
    await ended;
    expect(runs).toHaveLength(1);
  });

  test('reaches what was made before it, for the calls that begin from then on', async () => {
    const { clock, registry, configuration } = rig();
    const call = timeout({ ms: 1_000, registry })(() => new Promise<never>(() => {}));
    const before = call().catch((error: Error) => error.message);
    configuration.apply(settings({}, { anonymous: { timeout: { ms: 50 } } }));
    const after = call().catch((error: Error) => error.message);

    await clock.advance(50);
    await expect(after).resolves.toContain('within 50 ms');
    await clock.advance(949);
    expect(await Promise.race([before, 'still waiting'])).toBe('still waiting');
    await clock.advance(1);
    await expect(before).resolves.toContain('within 1000 ms');
  });

  test('reaches a method that was never called, under the name of its class', async () => {
    const { clock, registry, configuration } = rig();
    class Quotes {
      @timeout({ ms: 1_000, registry })
      price(): Promise<string> {
        return new Promise(() => {});
      }
    }
    configuration.apply(settings({}, { 'Quotes.price': { timeout: { ms: 50 } } }));
    const call = new Quotes().price().catch((error: Error) => error.message);

    await clock.advance(50);
    await expect(call).resolves.toContain('within 50 ms');
    expect(policiesOf(Quotes.prototype, 'price').map(({ kind }) => kind)).toEqual(['timeout']);
  });

  test('changes a light stack as well, whichever of its wrappers is called', async () => {
    const { registry, configuration, failing } = rig();
    class Quotes {
      @circuitBreaker({ name: 'quotes', failureThreshold: 5, registry })
      price = failing;
    }
    const [one, other] = [new Quotes(), new Quotes()];
    await one.price().catch(() => {});
    await other.price().catch(() => {});
    configuration.apply(settings({}, { quotes: { circuitBreaker: { failureThreshold: 3 } } }));
    await other.price().catch(() => {});

    await expect(one.price()).rejects.toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
    expect(registry.breakers.get('quotes')?.snapshot()).toMatchObject({ failedCalls: 3, rejectedCalls: 1 });
  });

  test('switches a policy off by its name, and on again with its state', async () => {
    const { registry, configuration, failing } = rig();
    const call = circuitBreaker({ name: 'quotes', failureThreshold: 1, registry })(failing);
    await call().catch(() => {});
    configuration.apply(settings({}, { quotes: { circuitBreaker: false } }));
    await expect(call()).rejects.toThrow('down');
    configuration.apply(settings({}));

    await expect(call()).rejects.toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
  });

  test('puts aside what code says in another way', async () => {
    const { registry, configuration, failing } = rig();
    configuration.apply(settings({ circuitBreaker: { failureThreshold: 9, recoveryTimeoutMs: 5 } }));
    const window = { type: 'count', size: 10 } as const;
    const call = circuitBreaker({ name: 'quotes', window, registry })(failing);
    await call().catch(() => {});

    expect(registry.breakers.get('quotes')).toMatchObject({ options: { window, recoveryTimeoutMs: 5 } });
  });

  test('refuses what makes no sense with the code, and the policy goes on by its code', async () => {
    const { registry, configuration, failing } = rig();
    const call = circuitBreaker({ name: 'quotes', maxRecoveryTimeoutMs: 120_000, registry })(failing);
    await call().catch(() => {});
    const refused = configuration.apply(
      settings({}, { quotes: { circuitBreaker: { recoveryTimeoutMs: 300_000, failureThreshold: 1 } } }),
    );

    expect(refused).toEqual([
      {
        kind: 'circuitBreaker',
        name: 'quotes',
        options: [],
        reason: 'circuitBreaker: `maxRecoveryTimeoutMs` takes at least `recoveryTimeoutMs` (300000), got 120000',
      },
    ]);
    await expect(call()).rejects.toThrow('down');
  });

  test('tells of a refusal by a part that is made later', async () => {
    const { registry, configuration, failing } = rig();
    configuration.apply(settings({}, { quotes: { circuitBreaker: { recoveryTimeoutMs: 300_000 } } }));
    const told: unknown[] = [];
    registry.on('config:refused', ({ kind, name, reason }) => told.push([kind, name, reason.includes('at least')]));
    circuitBreaker({ name: 'quotes', maxRecoveryTimeoutMs: 120_000, registry })(failing);

    expect(told).toEqual([['circuitBreaker', 'quotes', true]]);
    expect(registry.breakers.get('quotes')).toMatchObject({ options: { recoveryTimeoutMs: 60_000 } });
  });

  test('says under which name a part is known, where it is not that of the place', () => {
    const { registry, configuration, failing } = rig();
    circuitBreaker({ name: 'quotes', registry })(failing);
    const refused = configuration.apply(settings({}, { failing: { circuitBreaker: { failureThreshold: 2 } } }));

    expect(refused.map(({ reason }) => reason)).toEqual([
      "the circuitBreaker of failing bears the name 'quotes': it is configured under that",
    ]);
  });

  test('changes all who share a part by its name, and still refuses a sharer whose code says otherwise', async () => {
    const { registry, configuration, failing } = rig();
    const first = circuitBreaker({ name: 'quotes', failureThreshold: 9, registry })(failing);
    const second = circuitBreaker({ name: 'quotes', failureThreshold: 9, registry })(async () => 'fine');
    await Promise.allSettled([first(), second()]);
    expect(configuration.apply(settings({}, { quotes: { circuitBreaker: { recoveryTimeoutMs: 7 } } }))).toEqual([]);
    await Promise.allSettled([first(), second()]);

    expect(registry.breakers.get('quotes')).toMatchObject({ options: { failureThreshold: 9, recoveryTimeoutMs: 7 } });
    expect(registry.breakers.get('quotes')?.snapshot()).toMatchObject({ totalCalls: 4 });
    const other = () => circuitBreaker({ name: 'quotes', failureThreshold: 8, registry })(failing);
    expect(other).toThrow(expect.objectContaining({ code: 'ERR_NAME_TAKEN' }));
  });

  test('lets go of a shared part whose first place was not called yet', async () => {
    const { registry, configuration, failing } = rig();
    configuration.apply(settings({}, { quotes: { circuitBreaker: { failureThreshold: 3 } } }));
    class Quotes {
      @circuitBreaker({ name: 'quotes', registry })
      price(): Promise<string> {
        return failing();
      }
    }
    configuration.apply(settings({}));
    const other = circuitBreaker({ name: 'quotes', registry })(failing);
    expect(registry.breakers.get('quotes')).toMatchObject({ options: { failureThreshold: 5 } });
    await Promise.allSettled([new Quotes().price(), other()]);

    expect(registry.breakers.get('quotes')?.snapshot()).toMatchObject({ failedCalls: 2 });
  });

  test('that a shared part could not take keeps nobody else from sharing it', async () => {
    const { registry, configuration } = rig();
    const share = (key?: () => string) =>
      cached({ name: 'c', scope: 'class', registry, key })(async (id: string) => id);
    configuration.apply(settings({ cached: { ttlMs: 2_000 } }));
    const first = share();
    await first('a');
    expect(configuration.apply(settings({ cached: { ttlMs: 3_000 } }))).toHaveLength(1);
    const told: string[] = [];
    registry.on('config:refused', ({ name }) => told.push(name));
    await share()('b');
    await share(() => 'mine')('c');

    expect(registry.caches.get('c')?.snapshot()).toMatchObject({ size: 3 });
    expect(told).toEqual(['c', 'c']);
  });

  test('does not make one of two that code tells apart', () => {
    const { registry, configuration } = rig();
    configuration.apply(settings({ circuitBreaker: { recoveryTimeoutMs: 7 } }));
    const share = (classify: () => 'permanent' | 'transient') => circuitBreaker({ name: 'quotes', classify, registry });
    const told: string[] = [];
    registry.on('config:refused', ({ name }) => told.push(name));
    share(() => 'permanent')(async () => 1);
    configuration.apply(settings({ circuitBreaker: { recoveryTimeoutMs: 8 } }));

    expect(() => share(() => 'transient')(async () => 1)).toThrow(expect.objectContaining({ code: 'ERR_NAME_TAKEN' }));
    expect(told).toEqual([]);
  });

  test('does not put back what was forgotten: who holds it keeps it, and it takes what changes', async () => {
    const { registry, configuration, failing } = rig();
    const call = circuitBreaker({ name: 'quotes', failureThreshold: 9, registry })(failing);
    await call().catch(() => {});
    const held = registry.breakers.get('quotes');
    registry.forget('quotes');
    configuration.apply(settings({}, { quotes: { circuitBreaker: { failureThreshold: 2 } } }));
    await call().catch(() => {});

    expect(registry.breakers.has('quotes')).toBe(false);
    expect(held?.snapshot()).toMatchObject({ failedCalls: 2 });
    await expect(call()).rejects.toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
  });

  test('does not let who holds what was forgotten join who has its name now', async () => {
    const { registry, configuration, failing } = rig();
    const before = circuitBreaker({ name: 'quotes', registry })(failing);
    await before().catch(() => {});
    registry.forget('quotes');
    const after = circuitBreaker({ name: 'quotes', failureThreshold: 9, registry })(failing);
    await after().catch(() => {});
    const refused = configuration.apply(settings({ circuitBreaker: { recoveryTimeoutMs: 7 } }));
    await before().catch(() => {});

    expect(refused).toEqual([]);
    expect(registry.breakers.get('quotes')).toMatchObject({ options: { failureThreshold: 9, recoveryTimeoutMs: 7 } });
    expect(registry.breakers.get('quotes')?.snapshot()).toMatchObject({ totalCalls: 1 });
  });

  test('never makes a function wait that did not', async () => {
    const { registry, configuration } = rig();
    const { bulkhead } = await import('../../src/index.js');
    const call = bulkhead({ maxConcurrent: 1, registry })(function work(): string {
      return 'done';
    });
    const refused = configuration.apply(settings({}, { work: { bulkhead: { maxQueue: 5 } } }));

    expect(refused).toMatchObject([{ kind: 'bulkhead', name: 'work' }]);
    expect(call()).toBe('done');
  });

  test('reaches the policies of a stack each by its own kind', async () => {
    const { clock, registry, runs, failing, configuration } = rig();
    const call = resilient({ retry: true, circuitBreaker: { name: 'quotes' }, registry })(failing);
    configuration.apply(
      settings(
        { retry: { maxAttempts: 5, backoff: 'constant', baseDelayMs: 1, jitter: 'none' } },
        {
          quotes: { circuitBreaker: { failureThreshold: 4 } },
        },
      ),
    );
    const ended = call().catch((error: Error) => error);
    await clock.advance(1_000);

    await expect(ended).resolves.toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
    expect(runs).toHaveLength(4);
  });

  test('a call by a closed registry is rejected all the same', async () => {
    const { registry, configuration, failing } = rig();
    const call = timeout({ ms: 10, registry })(failing);
    await call().catch(() => {});
    configuration.apply(settings({ timeout: { ms: 5 } }));
    await registry.close();

    await expect(call()).rejects.toMatchObject({ code: 'ERR_CLOSED' });
  });
});
