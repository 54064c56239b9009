import { type Face, held } from './face.js';
import { bare, type Implementation, type LoosePolicy } from './loose-policy.js';

/** The faces that need no class. */
export const functions: readonly Face[] = [
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

function around(policy: LoosePolicy, fn: Implementation): Implementation {
  return policy === bare ? fn : (policy(fn) as Implementation);
}
