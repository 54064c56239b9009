import { type Face, getterOf, given, instances, statics } from './face.js';
import { bare, type Implementation } from './loose-policy.js';

const key: unique symbol = Symbol('run');

/** The faces of a method, in a class and in what it inherits. */
export const methods: readonly Face[] = [
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

/** The faces of a getter. */
export const getters: readonly Face[] = [
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
