import { cached, circuitBreaker, compose, protect, Registry, retryWithBackoff, timeout } from 'holdfast';
import { examine } from 'holdfast/doctor';
import { describe, expect, test } from 'vitest';

/** An order that is warned of. */
const wrong = (registry: Registry) => compose(circuitBreaker({ registry }), cached({ registry }));

const sitesOf = (module: object) => examine(module).advice.map(({ site }) => site);

describe('what is looked at in a module', () => {
  const registry = new Registry();
  class Base {
    @wrong(registry) async inherited(): Promise<number> {
      return 1;
    }
  }
  class Service extends Base {
    @wrong(registry) async method(): Promise<number> {
      return 1;
    }
    @wrong(registry) static async ofClass(): Promise<number> {
      return 1;
    }
    @wrong(registry) get getter(): Promise<number> {
      throw new Error('a getter is not read');
    }
    get bare(): never {
      throw new Error('a getter is not read');
    }
  }
  class Field {
    @wrong(registry) held = async (): Promise<number> => 1;
  }
  const client = { send: async () => 1 };
  protect(client, { send: wrong(registry) });

  test.each<[string, object, string[]]>([
    ['a function', { default: wrong(registry)(async function fetchPrice() {}) }, ['fetchPrice']],
    [
      'the methods of a class, and what it inherits',
      { Service },
      ['Base.inherited', 'Service.getter', 'Service.method', 'Service.ofClass'],
    ],
    ['an object of a class that is not exported', { field: new Field() }, ['Field.held']],
    ['an object that is protected', { client }, ['send']],
    [
      'what objects and arrays hold',
      { all: { list: [{ deep: wrong(registry)(async function deep() {}) }] } },
      ['deep'],
    ],
  ])('%s', (_, module, sites) => {
    expect(sitesOf(module)).toEqual(expect.arrayContaining(sites));
  });

  test('an object that holds itself, a primitive, and what throws when it is asked', () => {
    const round: { self?: object; text: string } = { text: 'text' };
    round.self = round;
    const strict = new Proxy(
      {},
      {
        get: () => {
          throw new Error('no such setting');
        },
      },
    );

    expect(examine({ round, strict, nothing: null })).toMatchObject({ advice: [] });
  });

  test('a registry, with all that it knows', () => {
    const own = new Registry();
    const kept = wrong(own)(async function price() {});

    expect(examine({ own }).sites).toContain('price');
    expect(kept).toBeTypeOf('function');
  });
});

test('a module is sound where there is no advice', () => {
  const registry = new Registry();
  const rate = compose(retryWithBackoff({ registry }), timeout({ ms: 500, registry }))(async function rate() {});

  expect(examine({ rate })).toEqual({ sites: ['rate'], advice: [] });
});

test('several modules are looked at together, by site, warnings first', () => {
  const registry = new Registry();
  const first = { zebra: compose(retryWithBackoff({ registry }), wrong(registry))(async function zebra() {}) };
  const second = { ant: wrong(registry)(async function ant() {}) };
  const { advice } = examine(first, second);

  expect(advice.map(({ site, severity }) => `${site} ${severity}`)).toEqual([
    'ant warning',
    'zebra warning',
    'zebra note',
  ]);
});
