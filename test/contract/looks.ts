import 'reflect-metadata';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { definePolicy, policiesOf, Registry } from '../../src/index.js';
import { bulkFace, servedFaces } from './bulk-face.js';
import { everyPolicy } from './every-policy.js';
import type { Face } from './face.js';
import { bare, type Implementation, type LoosePolicy } from './loose-policy.js';

const mark = Symbol('mark');
const passing = definePolicy({ kind: 'passing', summary: 'Does nothing.', options: {}, bind: () => ({}) });
const fresh = () => ({ registry: new Registry({ clock: new ManualClock() }) });
const answer: Implementation = async () => 1;

/** What of a function, and of its policies, can be seen from outside. */
export function looksContract(faces: readonly Face[]): void {
  describe.each(everyPolicy)('$kind', (row) => {
    const { make } = row;
    describe.each(servedFaces(row, faces))('on $face', (face) => {
      const { apply } = bulkFace(row, face);

      test('keeps `name` and `length`', () => {
        const plain = apply(answer, bare).fn;
        const wrapped = apply(answer, make(fresh())).fn;

        expect(wrapped?.name).toBe(plain?.name);
        expect(wrapped?.length).toBe(plain?.length);
      });

      test('keeps own properties and reflect-metadata of the function', () => {
        const { fn } = apply(answer, make(fresh()), marking);
        if (fn === undefined) return;

        expect(Object.getOwnPropertyDescriptor(fn, mark)).toEqual({
          value: 'kept',
          enumerable: false,
          writable: false,
          configurable: false,
        });
        expect(Reflect.getOwnMetadataKeys(fn)).toEqual(['route', mark]);
        expect(Reflect.getOwnMetadata('route', fn)).toBe('/price');
      });

      test('is found by policiesOf, outermost first', async () => {
        const common = fresh();
        const [policy, inner] = [make(common), passing(common)];
        const applied = apply(answer, policy, inner as unknown as LoosePolicy);
        if (applied.found === undefined) return;

        const parts = partsOf(policy);
        expect(policiesOf(...applied.found)).toEqual([...parts, inner]);
        await applied.call();
        expect(policiesOf(...applied.found)).toEqual([...parts, inner]);
      });
    });
  });
}

/** Hangs on a function what others might: on a method itself, on what a field or accessor holds once it is there. */
const marking = Object.assign(
  (target: unknown, context?: DecoratorContext | PropertyKey, descriptor?: PropertyDescriptor): unknown => {
    if (descriptor !== undefined) {
      marked((descriptor.value ?? descriptor.get) as Implementation);
      return descriptor;
    }
    const kind = (context as DecoratorContext | undefined)?.kind;
    if (kind === 'field') return marked;
    return kind === 'accessor' ? markedAccessor(target as Accessor) : marked(target as Implementation);
  },
  { kind: 'marking', options: {}, execute: bare.execute },
);

type Accessor = ClassAccessorDecoratorTarget<object, Implementation>;

function markedAccessor({ get, set }: Accessor): ClassAccessorDecoratorResult<object, Implementation> {
  return {
    init: marked,
    get,
    set(this: object, value) {
      set.call(this, marked(value));
    },
  };
}

/** A composed policy stands as the policies that it is made of. */
function partsOf(policy: LoosePolicy): unknown[] {
  return policiesOf((policy as (fn: Implementation) => Implementation)(async () => 1));
}

function marked(fn: Implementation): Implementation {
  Object.defineProperty(fn, mark, { value: 'kept' });
  Reflect.defineMetadata('route', '/price', fn);
  Reflect.defineMetadata(mark, 1, fn);
  return fn;
}
