import { bare, type Implementation, type LoosePolicy } from './loose-policy.js';

/** An implementation under policies, on one face. */
export interface Applied {
  /** Calls it on the first instance, or as a function. */
  call(...args: unknown[]): unknown;
  /** What `this` must be in that call. */
  readonly self: unknown;
  /** A second instance, where the face has instances. */
  readonly other?: { call(...args: unknown[]): unknown; readonly self: unknown };
  /** The function that stands in the member's place; undefined for a call made once. */
  readonly fn: Implementation | undefined;
  /** Where `policiesOf` finds the policies; undefined for what is private, and for a call made once. */
  readonly found?: readonly [target: object, key?: PropertyKey];
}

/** One way to put a policy on something. */
export interface Face {
  readonly face: string;
  /** How many arguments it can pass on. */
  readonly maxArgs: number;
  /** Puts two policies on an implementation; `bare` stands where there is only one. */
  apply(implementation: Implementation, outer: LoosePolicy, inner?: LoosePolicy): Applied;
}

const key: unique symbol = Symbol('run');

interface Instance {
  call(...args: unknown[]): unknown;
  fn(): Implementation;
}

/** What an instance face is: two instances, and the policies found on the first. */
function instances(make: () => Instance, found?: PropertyKey): Applied {
  const [first, other] = [make(), make()];
  return {
    call: (...args) => first.call(...args),
    self: first,
    other: { call: (...args) => other.call(...args), self: other },
    fn: first.fn(),
    ...(found === undefined ? {} : { found: [first, found] }),
  };
}

/** What a static face is: the class stands for its only instance. */
function statics(owner: Instance & object, found?: PropertyKey): Applied {
  return {
    call: (...args) => owner.call(...args),
    self: owner,
    fn: owner.fn(),
    ...(found === undefined ? {} : { found: [owner, found] }),
  };
}

function getterOf(owner: object, name: PropertyKey): Implementation {
  return Object.getOwnPropertyDescriptor(owner, name)?.get as Implementation;
}

/** The faces of a method, in a class and in what it inherits. */
const methods: readonly Face[] = [
  {
    face: 'a method',
    maxArgs: 6,
    apply(implementation, outer, inner = bare) {
      class Service {
        @outer @inner run(a?: unknown, ...rest: unknown[]): unknown {
          return implementation.call(this, ...given(arguments, a, rest));
        }
        call = (...args: unknown[]): unknown => this.run(...args);
        fn = (): Implementation => this.run as Implementation;
      }
      return instances(() => new Service(), 'run');
    },
  },
  {
    face: 'a static method',
    maxArgs: 6,
    apply(implementation, outer, inner = bare) {
      class Service {
        @outer @inner static run(a?: unknown, ...rest: unknown[]): unknown {
          return implementation.call(this, ...given(arguments, a, rest));
        }
        static call(...args: unknown[]): unknown {
          return Service.run(...args);
        }
        static fn(): Implementation {
          return Service.run as Implementation;
        }
      }
      return statics(Service, 'run');
    },
  },
  {
    face: 'a private method',
    maxArgs: 6,
    apply(implementation, outer, inner = bare) {
      class Service {
        @outer @inner #run(a?: unknown, ...rest: unknown[]): unknown {
          return implementation.call(this, ...given(arguments, a, rest));
        }
        call = (...args: unknown[]): unknown => this.#run(...args);
        fn = (): Implementation => this.#run as Implementation;
      }
      return instances(() => new Service());
    },
  },
  {
    face: 'a static private method',
    maxArgs: 6,
    apply(implementation, outer, inner = bare) {
      class Service {
        @outer @inner static #run(a?: unknown, ...rest: unknown[]): unknown {
          return implementation.call(this, ...given(arguments, a, rest));
        }
        static call(...args: unknown[]): unknown {
          return Service.#run(...args);
        }
        static fn(): Implementation {
          return Service.#run as Implementation;
        }
      }
      return statics(Service);
    },
  },
  {
    face: 'a symbol-named method',
    maxArgs: 6,
    apply(implementation, outer, inner = bare) {
      class Service {
        @outer @inner [key](a?: unknown, ...rest: unknown[]): unknown {
          return implementation.call(this, ...given(arguments, a, rest));
        }
        call = (...args: unknown[]): unknown => this[key](...args);
        fn = (): Implementation => this[key] as Implementation;
      }
      return instances(() => new Service(), key);
    },
  },
  {
    face: 'an inherited method',
    maxArgs: 6,
    apply(implementation, outer, inner = bare) {
      class Base {
        @outer @inner run(a?: unknown, ...rest: unknown[]): unknown {
          return implementation.call(this, ...given(arguments, a, rest));
        }
      }
      class Service extends Base {
        call = (...args: unknown[]): unknown => this.run(...args);
        fn = (): Implementation => this.run as Implementation;
      }
      return instances(() => new Service(), 'run');
    },
  },
  {
    face: 'a method overridden with super',
    maxArgs: 6,
    apply(implementation, outer, inner = bare) {
      class Base {
        @outer @inner run(a?: unknown, ...rest: unknown[]): unknown {
          return implementation.call(this, ...given(arguments, a, rest));
        }
      }
      class Service extends Base {
        @outer @inner override run(...args: [a?: unknown, ...rest: unknown[]]): unknown {
          return super.run(...args);
        }
        call = (...args: unknown[]): unknown => this.run(...args);
        fn = (): Implementation => this.run as Implementation;
      }
      return instances(() => new Service(), 'run');
    },
  },
];

const getters: readonly Face[] = [
  {
    face: 'a getter',
    maxArgs: 0,
    apply(implementation, outer, inner = bare) {
      class Service {
        @outer @inner get run(): unknown {
          return implementation.call(this);
        }
        call = (): unknown => this.run;
        fn = (): Implementation => getterOf(Service.prototype, 'run');
      }
      return instances(() => new Service(), 'run');
    },
  },
  {
    face: 'a static getter',
    maxArgs: 0,
    apply(implementation, outer, inner = bare) {
      class Service {
        @outer @inner static get run(): unknown {
          return implementation.call(this);
        }
        static call(): unknown {
          return Service.run;
        }
        static fn(): Implementation {
          return getterOf(Service, 'run');
        }
      }
      return statics(Service, 'run');
    },
  },
];

/** The faces of what holds a function: each instance has its own. */
const holders: readonly Face[] = [
  {
    face: 'an accessor',
    maxArgs: 6,
    apply(implementation, outer, inner = bare) {
      class Service {
        @outer @inner accessor run = held(implementation);
        call = (...args: unknown[]): unknown => this.run(...args);
        fn = (): Implementation => this.run;
      }
      return instances(() => new Service(), 'run');
    },
  },
  {
    face: 'an accessor that is set anew',
    maxArgs: 6,
    apply(implementation, outer, inner = bare) {
      class Service {
        @outer @inner accessor run: Implementation = () => 'the first';
        constructor() {
          this.run = held(implementation);
        }
        call = (...args: unknown[]): unknown => this.run(...args);
        fn = (): Implementation => this.run;
      }
      return instances(() => new Service(), 'run');
    },
  },
  {
    face: 'a static accessor',
    maxArgs: 6,
    apply(implementation, outer, inner = bare) {
      class Service {
        @outer @inner static accessor run = held(implementation);
        static call(...args: unknown[]): unknown {
          return Service.run(...args);
        }
        static fn(): Implementation {
          return Service.run;
        }
      }
      return statics(Service, 'run');
    },
  },
  {
    face: 'a private accessor',
    maxArgs: 6,
    apply(implementation, outer, inner = bare) {
      class Service {
        @outer @inner accessor #run = held(implementation);
        call = (...args: unknown[]): unknown => this.#run(...args);
        fn = (): Implementation => this.#run;
      }
      return instances(() => new Service());
    },
  },
  {
    face: 'a field',
    maxArgs: 6,
    apply(implementation, outer, inner = bare) {
      class Service {
        @outer @inner run = held(implementation);
        call = (...args: unknown[]): unknown => this.run(...args);
        fn = (): Implementation => this.run;
      }
      return instances(() => new Service(), 'run');
    },
  },
  {
    face: 'a static field',
    maxArgs: 6,
    apply(implementation, outer, inner = bare) {
      class Service {
        @outer @inner static run = held(implementation);
        static call(...args: unknown[]): unknown {
          return Service.run(...args);
        }
        static fn(): Implementation {
          return Service.run;
        }
      }
      return statics(Service, 'run');
    },
  },
  {
    face: 'a private field',
    maxArgs: 6,
    apply(implementation, outer, inner = bare) {
      class Service {
        @outer @inner #run = held(implementation);
        call = (...args: unknown[]): unknown => this.#run(...args);
        fn = (): Implementation => this.#run;
      }
      return instances(() => new Service());
    },
  },
];

const functions: readonly Face[] = [
  {
    face: 'a function',
    maxArgs: 6,
    apply(implementation, outer, inner = bare) {
      const self = { of: 'the caller' };
      const fn = around(outer, around(inner, held(implementation)));
      return { call: (...args) => fn.call(self, ...args), self, fn, found: [fn] };
    },
  },
  {
    face: 'an element of an array',
    maxArgs: 6,
    apply(implementation, outer, inner = bare) {
      const self = { of: 'the caller' };
      const [fn] = [around(inner, held(implementation))].map(outer === bare ? (each) => each : outer) as [
        Implementation,
      ];
      return { call: (...args) => fn.call(self, ...args), self, fn, found: [fn] };
    },
  },
  {
    face: 'a call made once',
    maxArgs: 6,
    apply(implementation, outer, inner = bare) {
      const fn = around(inner, held(implementation));
      return { call: (...args) => outer.execute(fn, ...args), self: undefined, fn: undefined };
    },
  },
];

/** Every face of TC39 mode. */
export const faces: readonly Face[] = [...methods, ...getters, ...holders, ...functions];

function around(policy: LoosePolicy, fn: Implementation): Implementation {
  return policy === bare ? fn : (policy(fn) as Implementation);
}

/** A function of its own for each holder, with a name and a length to keep. */
function held(implementation: Implementation): Implementation {
  return function held(this: unknown, a?: unknown, ...rest: unknown[]): unknown {
    return implementation.call(this, ...given(arguments, a, rest));
  };
}

/** The arguments as they were given: a missing one is not an `undefined` one. */
function given(all: IArguments, a: unknown, rest: readonly unknown[]): unknown[] {
  return all.length === 0 ? [] : [a, ...rest];
}
