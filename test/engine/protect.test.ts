import { describe, expect, test, vi } from 'vitest';
import {
  cached,
  callContext,
  circuitBreaker,
  compose,
  fallback,
  policiesOf,
  protect,
  Registry,
  retryWithBackoff,
  timed,
} from '../../src/index.js';
import { noted } from './small-policies.js';

/** An SDK's classes: another's code, made anew for each test. */
function sdk() {
  class Base {
    async ping(): Promise<string> {
      return callContext().name;
    }
  }
  class Client extends Base {
    region: string;
    #calls = 0;
    own = (): string => `own ${callContext().name}`;
    optional?: () => string;

    constructor(region = 'eu') {
      super();
      this.region = region;
    }
    send(text: string): string {
      this.#calls++;
      return `${text} to ${this.region}`;
    }
    where(): string {
      return callContext().name;
    }
    get calls(): number {
      return this.#calls;
    }
    set calls(value: number) {
      this.#calls = value;
    }
    set secret(value: string) {
      this.region = value;
    }
    static async make(): Promise<string> {
      return `${this.name} ${callContext().name}`;
    }
    static Inner = class Inner {};
  }
  return { Base, Client };
}

const tagged = (log: string[], tag: string) => noted({ log, tag });
const inOrder = (log: string[]) => log.filter((line) => line.endsWith(' in')).join(' ');
const shapeOf = (target: object) => Object.getOwnPropertyDescriptors(target);

describe('what is protected', () => {
  test('is an instance alone', () => {
    const { Client } = sdk();
    const [client, other] = [new Client(), new Client()];
    const log: string[] = [];

    protect(client, { send: tagged(log, 'a') });

    expect([client.send('x'), other.send('y')]).toEqual(['x to eu', 'y to eu']);
    expect(log).toEqual(['a in', 'a ok x to eu']);
    expect(client.calls).toBe(1);
  });

  test('is every instance of a class, those made before too', () => {
    const { Client } = sdk();
    const before = new Client('us');
    const log: string[] = [];

    protect(Client.prototype, { send: tagged(log, 'a') });

    expect([before.send('x'), new Client().send('y')]).toEqual(['x to us', 'y to eu']);
    expect(log).toHaveLength(4);
  });

  test.each([
    ['a method', 'Client.where', (client: InstanceType<ReturnType<typeof sdk>['Client']>) => client.where()],
    ['an inherited method', 'Base.ping', (client) => client.ping()],
    ['a function that it holds', 'own Client.own', (client) => client.own()],
  ])('%s is named %s', async (_, name, call) => {
    const client = new (sdk().Client)();
    const log: string[] = [];

    protect(client, { where: tagged(log, 'a'), ping: tagged(log, 'b'), own: tagged(log, 'c') });

    expect(await call(client)).toBe(name);
  });

  test('is a static of a class, and of a class that inherits it', async () => {
    const { Client } = sdk();
    class Sub extends Client {}
    const log: string[] = [];

    const protection = protect(Sub, { make: tagged(log, 'sub') });

    expect(await Sub.make()).toBe('Sub Client.make');
    expect(await Client.make()).toBe('Client ');
    expect(inOrder(log)).toBe('sub in');
    protection.restore();
    expect(Object.hasOwn(Sub, 'make')).toBe(false);
  });

  test('is a getter, whose setter stays', () => {
    const client = new (sdk().Client)();
    const log: string[] = [];

    protect(client, { calls: tagged(log, 'a') });
    client.calls = 41;
    client.send('x');

    expect(client.calls).toBe(42);
    expect(log).toEqual(['a in', 'a ok 42']);
  });

  test('is a member named by a symbol', () => {
    const key = Symbol('ask');
    class Client {
      [key](): string {
        return callContext().name;
      }
    }
    const client = new Client();

    protect(client, { [key]: timed({ registry: new Registry() }) });

    expect(client[key]()).toBe('Client[ask]');
  });

  test('is a plain object, whose members are named by their keys alone', () => {
    const api = { ask: () => callContext().name };
    const bare = Object.assign(Object.create(null) as object, { ask: () => callContext().name });

    for (const object of [api, bare as typeof api]) {
      using _protection = protect(object, { ask: timed({ registry: new Registry() }) });
      expect(object.ask()).toBe('ask');
    }
  });

  test('stands in the registry from the start, and can be read back', () => {
    const registry = new Registry();
    const client = new (sdk().Client)();

    protect(client, { ping: compose(timed({ registry }), circuitBreaker({ registry })) });

    expect(registry.breakers.names()).toEqual(['Base.ping']);
    expect(policiesOf(client, 'ping').map(({ kind }) => kind)).toEqual(['timed', 'circuitBreaker']);
  });

  test('bears a name of your own: instances of a class can be told apart', () => {
    const { Client } = sdk();
    const registry = new Registry();
    const key = Symbol('ask');

    protect(new Client(), { ping: circuitBreaker({ registry }) }, { name: 'eu' });
    protect(new Client(), { ping: circuitBreaker({ registry }) }, { name: 'us' });
    protect({ [key]: () => 1 }, { [key]: circuitBreaker({ registry }) }, { name: 'api' });

    expect(registry.breakers.names()).toEqual(['api[ask]', 'eu.ping', 'us.ping']);
  });

  test('keeps `this`, name, length, enumerability and its own error', async () => {
    const { Client } = sdk();
    const down = new Error('down');
    class Failing extends Client {
      override async ping(): Promise<string> {
        throw down;
      }
    }
    const client = new Failing();
    const keys = Object.keys(client);

    protect(client, { ping: timed({ registry: new Registry() }), send: timed({ registry: new Registry() }) });

    await expect(client.ping()).rejects.toBe(down);
    expect([client.send.name, client.send.length]).toEqual(['send', 1]);
    expect(Object.keys(client)).toEqual(keys);
  });

  test('is retried, cached and answered as a decorated method is', async () => {
    const registry = new Registry();
    let runs = 0;
    const api = {
      load: async (id: string): Promise<string> => {
        if (++runs < 3) throw new Error('down');
        return `${id} ${runs}`;
      },
      rate: (): number => {
        throw new Error('down');
      },
    };

    protect(api, {
      load: compose(cached({ registry }), retryWithBackoff({ baseDelayMs: 0, registry })),
      rate: fallback.value(7, { registry }),
    });

    expect([await api.load('a'), await api.load('a')]).toEqual(['a 3', 'a 3']);
    expect(api.rate()).toBe(7);
  });

  test('a fallback may be another method of the object', () => {
    const api = {
      price: (): string => {
        throw new Error('down');
      },
      yesterday: () => 'yesterday',
    };

    protect(api, { price: fallback('yesterday', { registry: new Registry() }) });

    expect(api.price()).toBe('yesterday');
  });
});

describe('restore', () => {
  test.each([
    ['an instance', () => new (sdk().Client)(), { send: timed(), own: timed(), calls: timed(), ping: timed() }],
    ['a prototype', () => sdk().Client.prototype, { send: timed(), calls: timed(), ping: timed() }],
    ['a class', () => sdk().Client, { make: timed() }],
  ])('puts %s back exactly as it was', (_, make, policies) => {
    const target: object = make();
    const before = shapeOf(target);

    const protection = protect(target, policies as object);
    expect(shapeOf(target)).not.toEqual(before);
    protection.restore();

    expect(shapeOf(target)).toEqual(before);
  });

  test('happens at the end of a block with `using`', () => {
    const client = new (sdk().Client)();
    {
      using _protection = protect(client, { send: timed({ registry: new Registry() }) });
      expect(policiesOf(client, 'send')).toHaveLength(1);
    }
    expect(policiesOf(client, 'send')).toEqual([]);
  });

  test('does nothing a second time', () => {
    const client = new (sdk().Client)();
    const log: string[] = [];
    const first = protect(client, { send: tagged(log, 'a') });

    first.restore();
    protect(client, { send: tagged(log, 'b') });
    first.restore();
    client.send('x');

    expect(inOrder(log)).toBe('b in');
  });

  test('leaves alone what somebody else has put in the place since', () => {
    const client = new (sdk().Client)();
    const log: string[] = [];
    const protection = protect(client, { send: tagged(log, 'a') });
    client.send = () => 'theirs';

    const later = protect(client, { send: tagged(log, 'b') });
    protection.restore();
    expect([client.send('x'), inOrder(log)]).toEqual(['theirs', 'b in']);
    later.restore();

    expect([client.send('x'), inOrder(log)]).toEqual(['theirs', 'b in']);
    expect(policiesOf(client, 'send')).toEqual([]);
  });

  test('a spy that is put on and taken off again in between does no harm', () => {
    const client = new (sdk().Client)();
    const before = shapeOf(client);
    const protection = protect(client, { own: timed({ registry: new Registry() }) });
    const spy = vi.spyOn(client, 'own');
    client.own();
    expect(spy).toHaveBeenCalledOnce();
    spy.mockRestore();

    protection.restore();

    expect(shapeOf(client)).toEqual(before);
  });
});

describe('protected twice', () => {
  test('the later stands outside of the earlier, in one wrapper', () => {
    const client = new (sdk().Client)();
    const log: string[] = [];

    protect(client, { send: tagged(log, 'first') });
    protect(client, { send: compose(tagged(log, 'second'), tagged(log, 'inside')) });
    client.send('x');

    expect(inOrder(log)).toBe('second in inside in first in');
  });

  test.each([
    [[0], 'c in b in'],
    [[1], 'c in a in'],
    [[2], 'b in a in'],
    [[0, 1], 'c in'],
    [[1, 0], 'c in'],
    [[0, 2], 'b in'],
    [[2, 1], 'a in'],
    [[1, 0, 2], ''],
    [[0, 2, 1], ''],
  ])('restored in the order %j leaves the others: %s', (order, left) => {
    const client = new (sdk().Client)();
    const before = shapeOf(client);
    const log: string[] = [];
    const protections = ['a', 'b', 'c'].map((tag) => protect(client, { send: tagged(log, tag) }));

    for (const index of order) protections[index]?.restore();

    expect(client.send('x')).toBe('x to eu');
    expect(inOrder(log)).toBe(left);
    if (left === '') expect(shapeOf(client)).toEqual(before);
  });

  test('what is left keeps its state', () => {
    const registry = new Registry();
    const api = {
      ask: (): void => {
        throw new Error('down');
      },
    };
    protect(api, { ask: circuitBreaker({ registry, failureThreshold: 2 }) });
    const other = protect(api, { ask: timed({ registry }) });
    expect(api.ask).toThrow('down');

    other.restore();
    expect(api.ask).toThrow('down');

    expect(registry.breakers.names()).toEqual(['ask']);
    expect(registry.breakers.get('ask')?.state).toBe('open');
  });

  test('the same policy, put on again, finds its state again', () => {
    const registry = new Registry();
    const breaker = circuitBreaker({ registry, failureThreshold: 2 });
    const api = {
      ask: (): void => {
        throw new Error('down');
      },
    };

    for (let round = 0; round < 2; round++) {
      using _protection = protect(api, { ask: breaker });
      expect(api.ask).toThrow('down');
    }

    expect(registry.breakers.names()).toEqual(['ask']);
    expect(registry.breakers.get('ask')?.state).toBe('open');
  });

  test('under another name it starts anew', () => {
    const registry = new Registry();
    const breaker = circuitBreaker({ registry });
    const api = { ask: () => 1 };

    protect(api, { ask: breaker }).restore();
    protect(api, { ask: breaker }, { name: 'api' });

    expect(registry.breakers.names()).toEqual(['api.ask', 'ask']);
  });

  test('the policies of a decorated method stay inside, with their state and name', () => {
    const log: string[] = [];
    class Mine {
      @tagged(log, 'decorated') ask(): string {
        return callContext().name;
      }
    }
    class Sub extends Mine {}
    const mine = new Sub();

    const protection = protect(mine, { ask: tagged(log, 'protected') });
    expect(mine.ask()).toBe('Mine.ask');
    expect(inOrder(log)).toBe('protected in decorated in');
    protection.restore();
    mine.ask();

    expect(inOrder(log)).toBe('protected in decorated in decorated in');
  });

  test('an instance keeps what its class had when it was protected', () => {
    const { Client } = sdk();
    const client = new Client();
    const log: string[] = [];
    const ofClass = protect(Client.prototype, { send: tagged(log, 'class') });
    const ofInstance = protect(client, { send: tagged(log, 'instance') });

    ofClass.restore();
    client.send('x');
    expect(inOrder(log)).toBe('instance in class in');
    ofInstance.restore();
    client.send('x');

    expect(inOrder(log)).toBe('instance in class in');
  });
});

describe('an error comes before anything is changed', () => {
  const policy = timed({ registry: new Registry() });
  const frozen = () => Object.freeze({ ask: () => 1 });
  const fixed = (descriptor: PropertyDescriptor) => Object.defineProperty({}, 'ask', descriptor);

  test.each<[string, () => object, object, string | RegExp]>([
    [
      'a mistyped name',
      () => new (sdk().Client)(),
      { snd: policy },
      'the object has no member `snd`; did you mean `send`?',
    ],
    ['an unknown name', () => ({}), { qwertyuiop: policy }, /no member `qwertyuiop`$/],
    ['a method given for a static', () => sdk().Client, { send: policy }, 'protect(Client.prototype, …)'],
    ['a static that is not there', () => sdk().Client, { mkae: policy }, 'the class Client has no member `mkae`'],
    [
      'what holds no function',
      () => new (sdk().Client)(),
      { region: policy },
      'Client.region, which holds no function',
    ],
    ['a setter', () => new (sdk().Client)(), { secret: policy }, 'the setter Client.secret'],
    ['a class', () => sdk().Client, { Inner: policy }, 'the class Client.Inner'],
    ['a frozen object', frozen, { ask: policy }, 'cannot replace ask: it is frozen'],
    [
      'a fixed function',
      () => fixed({ value: () => 1 }),
      { ask: policy },
      'cannot replace ask: it is not configurable',
    ],
    ['a fixed getter', () => fixed({ get: () => 1 }), { ask: policy }, 'cannot replace ask: it is not configurable'],
    ['a sealed instance', () => Object.seal(new (sdk().Client)()), { send: policy }, 'the object is not extensible'],
    ['no policies', () => new (sdk().Client)(), {}, 'at least one policy'],
    ['what is no policy', () => new (sdk().Client)(), { send: () => 1 }, 'a policy for `send`, got function send'],
    [
      'a policy alone',
      () => new (sdk().Client)(),
      undefined as unknown as object,
      'a policy for each method, got undefined',
    ],
    ['no object', () => 5 as unknown as object, { send: policy }, 'an object or a class first, got 5'],
  ])('for %s', (_, make, policies, message) => {
    const target = make();
    const valid = target instanceof Object && 'own' in target ? { own: policy } : {};
    const before = target instanceof Object ? shapeOf(target) : {};

    const given =
      policies === undefined || Reflect.ownKeys(policies).length === 0 ? policies : { ...valid, ...policies };
    const attempt = () => protect(target, given);

    expect(attempt).toThrow(TypeError);
    expect(attempt).toThrow(message);
    if (target instanceof Object) expect(shapeOf(target)).toEqual(before);
  });

  test('for an unknown option', () => {
    expect(() => protect(frozen(), { ask: policy }, { nam: 'x' } as object)).toThrow('did you mean `name`?');
  });

  test('for another name than the one that the member bears', () => {
    const api = { ask: () => 1 };
    protect(api, { ask: policy }, { name: 'api' });

    expect(() => protect(api, { ask: policy }, { name: 'other' })).toThrow('already, under the name api.ask');
    expect(() => protect(api, { ask: policy }, { name: 'api' })).not.toThrow();
  });

  test('for an object that refuses the change halfway, which is taken back', () => {
    const target = { one: () => 1, two: () => 2 };
    const before = shapeOf(target);
    const stubborn = new Proxy(target, {
      defineProperty: (object, key, descriptor) => key !== 'two' && Reflect.defineProperty(object, key, descriptor),
    });

    expect(() => protect(stubborn, { one: policy, two: policy })).toThrow('cannot replace two: the object refuses it');
    expect(shapeOf(target)).toEqual(before);
  });

  test('for a name that is taken, whatever came before it', () => {
    const registry = new Registry();
    circuitBreaker({ registry, name: 'crm' })(() => 1);
    const api = { one: () => 1, two: () => 2 };
    const before = shapeOf(api);

    const attempt = () =>
      protect(api, { one: timed({ registry }), two: circuitBreaker({ registry, name: 'crm', failureThreshold: 9 }) });

    expect(attempt).toThrow(expect.objectContaining({ code: 'ERR_NAME_TAKEN' }));
    expect(shapeOf(api)).toEqual(before);
  });

  test('but one that can only be written is replaced, and put back', () => {
    const api = Object.defineProperty({} as { ask(): number }, 'ask', { value: () => 1, writable: true });
    const before = shapeOf(api);

    const protection = protect(api, { ask: fallback.value(2, { registry: new Registry() }) });
    expect(policiesOf(api, 'ask')).toHaveLength(1);
    protection.restore();

    expect(shapeOf(api)).toEqual(before);
  });
});
