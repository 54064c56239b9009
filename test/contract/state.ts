import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { Registry } from '../../src/registry/registry.js';
import { bulkFace, servedFaces } from './bulk-face.js';
import { everyPolicy } from './every-policy.js';
import type { Applied, Face } from './face.js';
import type { Implementation } from './loose-policy.js';

const down = new Error('down');
/** Succeeds, and fails when it is told to: by the caller where it can be, and in turns where not. */
function succeedingThenFailing(): Implementation {
  let calls = 0;
  return async () => {
    if (++calls > 1) throw down;
    return 'up';
  };
}

/** What a policy keeps, and where. */
export function stateContract(faces: readonly Face[]): void {
  describe.each(everyPolicy)('$kind', (row) => {
    const { make, housekeeping } = row;
    describe.each(servedFaces(row, faces))('on $face', (face) => {
      const { apply } = bulkFace(row, face);

      test('has a snapshot that is JSON all the way down', async () => {
        const registry = new Registry({ clock: new ManualClock() });
        await twice(apply(succeedingThenFailing(), make({ registry })));

        const snapshot = registry.snapshot();

        expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
      });

      test('leaves no timer behind', async () => {
        const clock = new ManualClock();
        const registry = new Registry({ clock });
        await twice(apply(succeedingThenFailing(), make({ registry })));

        await clock.advance(60_000);
        if (housekeeping) await registry.close();

        expect(clock.pendingTimers).toBe(0);
      });

      test('is not harmed by a listener that throws', async () => {
        const registry = new Registry({ clock: new ManualClock() });
        registry.on('*', () => {
          throw new Error('a bad listener');
        });

        const outcomes = await twice(apply(succeedingThenFailing(), make({ registry })));

        expect(outcomes[0]).toBe('up');
        expect(['up', down]).toContain(outcomes[1]);
      });

      test('touches no other registry than its own', async () => {
        const [registry, stranger] = [
          new Registry({ clock: new ManualClock() }),
          new Registry({ clock: new ManualClock() }),
        ];
        const heard: string[] = [];
        stranger.on('*', ({ type }) => heard.push(type));
        apply(succeedingThenFailing(), make({ registry: stranger }));
        const before = stranger.snapshot();

        await twice(apply(succeedingThenFailing(), make({ registry })));

        expect(stranger.snapshot()).toEqual(before);
        expect(heard).toEqual([]);
      });

      test('answers with ERR_CLOSED once its registry is closed', async () => {
        const registry = new Registry({ clock: new ManualClock() });
        const applied = apply(succeedingThenFailing(), make({ registry }));
        await applied.call();

        await registry.close();

        await expect((async () => applied.call())()).rejects.toMatchObject({ code: 'ERR_CLOSED' });
      });
    });
  });
}

/** What two calls came to. */
async function twice(applied: Applied): Promise<unknown[]> {
  const outcome = (call: unknown): Promise<unknown> => Promise.resolve(call).catch((error: unknown) => error);
  return [await outcome(applied.call()), await outcome(applied.call())];
}
