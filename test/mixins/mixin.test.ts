import { describe, expect, test } from 'vitest';
import { type Constructor, type Mixin, mixin } from '../../src/mixins/mixin.js';

const Counting: Mixin<{ count(): number }, { made: string }> = <Base extends Constructor>(base: Base) => {
  abstract class Counted extends base {
    static made = 'counting';
    #count = 0;
    count(): number {
      return ++this.#count;
    }
    greet(): string {
      return 'counted';
    }
  }
  return Counted;
};

const Naming: Mixin<{ label: string }> = <Base extends Constructor>(base: Base) => {
  abstract class Named extends base {
    label = this.constructor.name;
    greet(): string {
      return `named, ${(Object.getPrototypeOf(Named.prototype) as { greet(): string }).greet.call(this)}`;
    }
  }
  return Named;
};

class Service {
  readonly host: string;
  constructor(host: string) {
    this.host = host;
  }
  greet(): string {
    return `at ${this.host}`;
  }
  static open(): string {
    return 'open';
  }
}

describe('mixin', () => {
  test('gives a class the members of its base and of all mixins', () => {
    class Hosts extends mixin(Service, Counting, Naming) {}
    const hosts = new Hosts('here');

    expect([hosts.host, hosts.count(), hosts.count(), hosts.label]).toEqual(['here', 1, 2, 'Hosts']);
    expect([Hosts.open(), Hosts.made]).toEqual(['open', 'counting']);
    expect(hosts).toBeInstanceOf(Service);
  });

  test('puts a later mixin round an earlier one', () => {
    class Hosts extends mixin(Service, Counting, Naming) {}

    expect(new Hosts('here').greet()).toBe('named, counted');
  });

  test('keeps instances, and classes made of the same mixins, apart', () => {
    class First extends mixin(Service, Counting) {}
    class Second extends mixin(Service, Counting) {}
    const [one, other] = [new First('a'), new Second('b')];
    one.count();
    First.made = 'changed';

    expect([one.count(), other.count(), Second.made]).toEqual([2, 1, 'counting']);
  });

  test('without mixins is the class itself, and an abstract base is taken', () => {
    abstract class Base {
      abstract name(): string;
    }
    class Whole extends mixin(Base, Counting) {
      override name(): string {
        return 'whole';
      }
    }

    expect(mixin(Service)).toBe(Service);
    expect([new Whole().name(), new Whole().count()]).toEqual(['whole', 1]);
  });

  test('refuses what is no class, and what is no mixin', () => {
    expect(() => mixin({} as never)).toThrow(TypeError);
    expect(() => mixin(Service, {} as never)).toThrow('mixin takes mixins behind the class');
  });
});
