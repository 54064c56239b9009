import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/index.js';
import {
  bulkhead,
  circuitBreaker,
  count,
  definePolicy,
  policiesOf,
  Registry,
  RejectedError,
  retryWithBackoff,
  text,
  Waiting,
} from '../../src/index.js';

declare module '../../src/registry/events.js' {
  interface EventDetails {
    'quota:used': { left: number };
  }
}

/** So many calls in all, whoever makes them. */
class Quota {
  left: number;
  constructor(calls: number) {
    this.left = calls;
  }
  snapshot() {
    return { left: this.left };
  }
}

const quota = definePolicy<'quota', { name?: string; calls: number }>({
  kind: 'quota',
  summary: 'Lets so many calls through in all.',
  options: { name: text(), calls: count({ required: true }) },
  bind(site, options) {
    const part = site.obtain('extensions', options, () => new Quota(options.calls)) as Quota;
    return {
      admit: site.telling(() => {
        if (part.left === 0) {
          throw new RejectedError('ERR_RATE_LIMITED', 'used up', {
            policy: site.kind,
            policyName: site.partName,
            site: site.name,
          });
        }
        part.left--;
        site.emit('quota:used', { left: part.left });
      }),
    };
  },
});

function world() {
  const clock = new ManualClock();
  return { clock, registry: new Registry({ clock, random: () => 0.5 }) };
}

describe('a policy of your own', () => {
  test('is a decorator, a wrapper and `execute`, with a name for each place', async () => {
    const { registry } = world();
    class Mail {
      @quota({ calls: 5, registry })
      async send(to: string): Promise<string> {
        return `to ${to}`;
      }
    }
    const wrapped = quota({ calls: 5, registry })(function post(n: number) {
      return n + 1;
    });

    expect(await new Mail().send('a')).toBe('to a');
    expect(wrapped(1)).toBe(2);
    expect(quota({ calls: 5, registry }).execute((n: number) => n * 2, 4)).toBe(8);
    expect(registry.extensions.names()).toEqual(['Mail.send', 'post', 'quota']);
  });

  test('has its part in the registry, shared by name, and refused with other options', () => {
    const { registry } = world();
    const first = quota({ name: 'all', calls: 2, registry })(() => 1);
    const second = quota({ name: 'all', calls: 2, registry })(() => 2);
    first();
    second();

    expect(registry.snapshot().extensions).toEqual({ all: { left: 0 } });
    expect(() => first()).toThrow(RejectedError);
    expect(() => quota({ name: 'all', calls: 3, registry })(() => 3)).toThrow(
      expect.objectContaining({ code: 'ERR_NAME_TAKEN' }),
    );
  });

  test('tells its own events and those of every policy', () => {
    const { registry } = world();
    const heard: unknown[] = [];
    registry.on('quota:used', ({ kind, name, site, left }) => heard.push({ kind, name, site, left }));
    registry.on('call:rejected', ({ code }) => heard.push(code));
    const call = quota({ name: 'q', calls: 1, registry })(function fetchPage() {
      return 1;
    });
    call();
    expect(() => call()).toThrow('used up');

    expect(heard).toEqual([{ kind: 'quota', name: 'q', site: 'fetchPage', left: 0 }, 'ERR_RATE_LIMITED']);
  });

  test('is fused with the others, and read back in its place', async () => {
    const { clock, registry } = world();
    let runs = 0;
    const call = retryWithBackoff({ maxAttempts: 3, baseDelayMs: 10, jitter: 'none', registry })(
      quota({ calls: 2, registry })(async () => {
        runs++;
        throw new Error('down');
      }),
    );
    const outcome = expect(call()).rejects.toThrow('used up');
    await clock.advance(100);
    await outcome;

    expect(runs).toBe(2);
    expect(policiesOf(call).map(({ kind }) => kind)).toEqual(['retry', 'quota']);
  });

  test('checks its options by its rules', () => {
    expect(() => quota({ calls: 0 })).toThrow('quota: `calls` takes a whole number from 1, got 0');
    expect(() => quota({} as never)).toThrow('`calls` must be given');
    expect(() => quota({ call: 1 } as never)).toThrow('did you mean `calls`');
  });
});

describe('what a stage can do', () => {
  test('a guard may let a call wait, and gets its permit back', async () => {
    const { registry } = world();
    const settled: string[] = [];
    const door = definePolicy<'door', object, (...args: never[]) => Promise<unknown>, string>({
      kind: 'door',
      summary: 'Waits.',
      options: {},
      waits: true,
      bind: () => ({
        admitCall: (call) => new Waiting(Promise.resolve(`permit of ${String(call.args[0])}`)),
        succeeded: (permit) => void settled.push(permit),
      }),
    });

    expect(await door({ registry })(async (n: number) => n)(7)).toBe(7);
    expect(settled).toEqual(['permit of 7']);
  });

  test('a loop may run what is inside twice, or not at all', async () => {
    const { registry } = world();
    const twice = definePolicy<'twice', object>({
      kind: 'twice',
      summary: 'Adds up two runs.',
      options: {},
      bind: () => ({ around: (_, inside) => (inside.run(1).result as number) + (inside.run(2).result as number) }),
    });
    const never = definePolicy<'never', object>({
      kind: 'never',
      summary: 'Runs nothing.',
      options: {},
      bind: () => ({ around: () => 0 }),
    });

    expect(twice({ registry })((n: number) => n)(4)).toBe(8);
    expect(never({ registry })((n: number) => n)(4)).toBe(0);
  });
});

test('a stage may be an instance of a class, with private fields', () => {
  class Counter {
    #running = 0;
    most = 0;
    admit(): undefined {
      this.most = Math.max(this.most, ++this.#running);
    }
    succeeded(): void {
      this.#running--;
    }
  }
  const counter = new Counter();
  const counted = definePolicy<'counted', {}>({ kind: 'counted', summary: 's', options: {}, bind: () => counter });
  const call = counted()(() => 1);
  call();
  call();

  expect(counter.most).toBe(1);
});

test('what `succeeded` throws, in a stage that admits nobody, is the outcome, and those outside hear of it', async () => {
  const registry = new Registry();
  const check = definePolicy<'check', {}>({
    kind: 'check',
    summary: 's',
    options: {},
    bind: () => ({
      succeeded(_permit, value) {
        if ((value as number) < 0) throw new RangeError('below 0');
      },
    }),
  });
  const slots = bulkhead({ name: 'slots', maxConcurrent: 1, registry });
  const call = slots(check({ registry })(async (value: number) => value));
  for (let time = 0; time < 2; time++) await expect(call(-1)).rejects.toThrow('below 0');

  expect(registry.limiters.get('slots')?.snapshot()).toMatchObject({ active: 0 });
});

test("`execute` on a wrapped function shares the policy's state, and leaves no entry for each call", async () => {
  const registry = new Registry();
  const breaker = circuitBreaker({ failureThreshold: 2, registry });
  const quote = retryWithBackoff({ maxAttempts: 1, registry })(async (): Promise<never> => {
    throw new Error('down');
  });
  const codes: unknown[] = [];
  for (let time = 0; time < 4; time++) {
    await breaker.execute(quote).catch((error: { code?: string }) => codes.push(error.code));
  }

  expect(codes).toEqual([undefined, undefined, 'ERR_CIRCUIT_OPEN', 'ERR_CIRCUIT_OPEN']);
  expect(registry.breakers.names()).toEqual(['circuitBreaker']);
});
