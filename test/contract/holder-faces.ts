import { type Face, held, instances, statics } from './face.js';
import { bare, type Implementation } from './loose-policy.js';

/** The faces of what holds a function: each instance has its own. */
export const holders: readonly Face[] = [
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
