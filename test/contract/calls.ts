import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { Registry } from '../../src/index.js';
import { bulkFace, servedFaces } from './bulk-face.js';
import { everyPolicy } from './every-policy.js';
import type { Face } from './face.js';
import type { Implementation } from './loose-policy.js';

const argumentLists = [
  [],
  [1],
  [1, 'b'],
  [1, 'b', null],
  [1, 'b', null, undefined],
  [1, 'b', null, undefined, 5n],
  [0, '', null, true, 5n, 6],
];
const fresh = () => ({ registry: new Registry({ clock: new ManualClock() }) });
const later = (implementation: Implementation): Implementation =>
  function (...args) {
    return new Promise((resolve) => resolve(implementation.apply(this, args)));
  };

/** What a call and its outcome go through unchanged. */
export function callsContract(faces: readonly Face[]): void {
  describe.each(everyPolicy)('$kind', (row) => {
    const { make, serves } = row;
    describe.each(servedFaces(row, faces))('on $face', (face) => {
      const { apply, maxArgs } = bulkFace(row, face);

      test('passes `this` on', async () => {
        const seen: unknown[] = [];
        const applied = apply(
          later(function () {
            seen.push(this);
          }),
          make(fresh()),
        );

        await applied.call();

        expect(seen).toHaveLength(1);
        expect(seen[0]).toBe(applied.self);
      });

      test.each(argumentLists.filter(({ length }) => length <= maxArgs))('passes %# arguments on', async (...args) => {
        const seen: unknown[][] = [];
        const applied = apply(
          later((...got) => {
            seen.push(got);
          }),
          make(fresh()),
        );

        await applied.call(...args);

        expect(seen).toEqual([args]);
      });

      test('hands the caller its own result, the same object', async () => {
        const result = { price: 1 };
        const applied = apply(
          later(() => result),
          make(fresh()),
        );

        expect(await applied.call()).toBe(result);
      });

      test.each([
        ['an Error', new Error('down')],
        ['a text', 'down'],
        ['undefined', undefined],
      ])('hands the caller its own error: %s', async (_, error) => {
        const applied = apply(
          later(() => {
            throw error;
          }),
          make(fresh()),
        );

        const caught = await (applied.call() as Promise<unknown>).then(
          () => 'no error',
          (thrown: unknown) => ({ thrown }),
        );

        expect(caught).toHaveProperty('thrown', error);
        expect((caught as { thrown: unknown }).thrown).toBe(error);
      });

      test('gives a promise for a function that gives a promise', async () => {
        const call = apply(
          later(() => 1),
          make(fresh()),
        ).call();

        expect(call).toBeInstanceOf(Promise);
        await call;
      });

      test('keeps two instances apart', async () => {
        const seen: unknown[] = [];
        const applied = apply(
          later(function () {
            seen.push(this);
          }),
          make(fresh()),
        );
        if (applied.other === undefined) return;

        await applied.call();
        await applied.other.call();

        expect(seen[0]).toBe(applied.self);
        expect(seen.at(-1)).toBe(applied.other.self);
        expect(seen).toHaveLength(2);
      });

      if (serves === 'async') return;

      test('gives a value at once for a function that gives it at once', () => {
        const result = { price: 1 };

        expect(apply(() => result, make(fresh())).call()).toBe(result);
      });

      test('throws at once for a function that throws at once', () => {
        const down = new Error('down');
        const applied = apply(() => {
          throw down;
        }, make(fresh()));

        expect(applied.call).toThrow(down);
      });
    });
  });
}
