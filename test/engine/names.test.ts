import { describe, expect, test } from 'vitest';
import { callContext, compose, definePolicy, fallback, policiesOf, Registry } from '../../src/index.js';
import { noted } from './small-policies.js';

const policy = noted({ log: [] });
const key = Symbol('price');
const nameless = Symbol();
const named = () => callContext().name;

class Base {
  @policy declared(): string {
    return named();
  }
  @policy overridden(): string {
    return named();
  }
  @policy #hidden(): string {
    return named();
  }
  hidden(): string {
    return this.#hidden();
  }
  @policy static made(): string {
    return named();
  }
  @policy static #secret(): string {
    return named();
  }
  static secret(): string {
    return this.#secret();
  }
  @policy [key](): string {
    return named();
  }
  @policy [nameless](): string {
    return named();
  }
  @policy 42(): string {
    return named();
  }
  @policy get read(): string {
    return named();
  }
  @policy field = named;
  @policy accessor held = named;
  @policy #field = named;
  privateField(): string {
    return this.#field();
  }
  @policy static ownField = named;
}

class Sub extends Base {
  @policy override overridden(): string {
    return `${named()} over ${super.overridden()}`;
  }
}

describe.each([
  ['an instance of the class', () => new Base()],
  ['an instance of a subclass', () => new Sub()],
])('%s', (_, make) => {
  const cases: [string, (base: Base) => string, string][] = [
    ['a method', (base) => base.declared(), 'Base.declared'],
    ['a private method', (base) => base.hidden(), 'Base.#hidden'],
    ['a symbol-named method', (base) => base[key](), 'Base[price]'],
    ['a method named by a symbol without a description', (base) => base[nameless](), 'Base[]'],
    ['a method named by a number', (base) => base[42](), 'Base.42'],
    ['a getter', (base) => base.read, 'Base.read'],
    ['a field', (base) => base.field(), 'Base.field'],
    ['an accessor', (base) => base.held(), 'Base.held'],
    ['a private field', (base) => base.privateField(), 'Base.#field'],
  ];

  test.each(cases)('%s is named for the class that declares it', (__, call, name) => {
    // A class of its own for each case: the first call settles the name.
    expect(call(make())).toBe(name);
  });
});

test('an override has a name of its own, and what it calls with `super` keeps its', () => {
  expect(new Sub().overridden()).toBe('Sub.overridden over Base.overridden');
  expect(new Base().overridden()).toBe('Base.overridden');
});

test.each([
  ['a static method', () => Base.made(), 'Base.made'],
  ['a static method, called on a subclass', () => Sub.made(), 'Base.made'],
  ['a static private method', () => Base.secret(), 'Base.#secret'],
  ['a static field', () => Base.ownField(), 'Base.ownField'],
])('%s is named for the class that declares it', (_, call, name) => {
  expect(call()).toBe(name);
});

describe('whichever class is used first', () => {
  const freshPair = () => {
    class Parent {
      @policy #hidden(): string {
        return named();
      }
      @policy run = named;
      @policy accessor held = named;
      hidden(): string {
        return this.#hidden();
      }
    }
    class Child extends Parent {}
    return new Child();
  };

  test.each([
    ['a private method', (child: ReturnType<typeof freshPair>) => child.hidden(), 'Parent.#hidden'],
    ['a field', (child: ReturnType<typeof freshPair>) => child.run(), 'Parent.run'],
    ['an accessor', (child: ReturnType<typeof freshPair>) => child.held(), 'Parent.held'],
  ])('%s is named for the class that declares it', (_, call, name) => {
    expect(call(freshPair())).toBe(name);
  });
});

test('a method whose first call is detached from its object is named by its key', () => {
  class Quotes {
    @policy price(): string {
      return named();
    }
  }
  const { price } = Quotes.prototype;

  expect(price()).toBe('price');
});

test('a member of a class without a name is named by its key', () => {
  class Anonymous {
    @policy price(): string {
      return named();
    }
  }
  // What compilers do to anonymous classes differs.
  Object.defineProperty(Anonymous, 'name', { value: '' });

  expect(new Anonymous().price()).toBe('price');
});

test('a function without a name is anonymous', () => {
  expect(policy(() => named())()).toBe('anonymous');
});

test('policiesOf settles the name before the first call', () => {
  class Quotes {
    @policy price(): string {
      return named();
    }
  }
  policiesOf(Quotes.prototype, 'price');

  expect(Quotes.prototype.price.call(undefined as never)).toBe('Quotes.price');
});

test('policiesOf finds nothing where there is nothing', () => {
  expect(policiesOf(new Base(), 'missing')).toEqual([]);
  expect(policiesOf(new Base(), 'hidden')).toEqual([]);
  expect(policiesOf(() => 1)).toEqual([]);
});

test('the fallback of a method may be the name of another, also an inherited or a symbol-named one', () => {
  class Quotes {
    [key](n: number): string {
      return `last of ${n}`;
    }
    last(n: number): string {
      return `last ${n}`;
    }
  }
  class Live extends Quotes {
    @fallback('last') price(_: number): string {
      throw new Error('down');
    }
    @fallback(key) other(_: number): string {
      throw new Error('down');
    }
  }

  expect([new Live().price(1), new Live().other(2)]).toEqual(['last 1', 'last of 2']);
});

test('two of a kind on one member share nothing, and a name of the users own is one part', () => {
  const registry = new Registry();
  const kept = definePolicy<'kept', { name?: string; size?: number }>({
    kind: 'kept',
    summary: 'Keeps something.',
    options: { name: { takes: 'a text', type: () => true }, size: { takes: 'a number', type: () => true } },
    bind: (site, options) => {
      site.obtain('extensions', options, () => ({ snapshot: () => options.size ?? 0 }));
      return {};
    },
  });
  class Quotes {
    @compose(kept({ registry }), kept({ registry })) price(): number {
      return 1;
    }
    @kept({ registry, name: 'shared' }) first(): number {
      return 1;
    }
    @kept({ registry, name: 'shared' }) second(): number {
      return 1;
    }
  }

  new Quotes().price();

  expect(registry.extensions.names()).toEqual(['Quotes.price', 'Quotes.price#kept', 'shared']);
  expect(() => kept({ registry, name: 'shared', size: 5 })(() => 1)).toThrow(/the name 'shared' is taken/);
});
