import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PHASES, segmentAt, writeScript } from '../../examples/main-job/script.js';

const seeds = fc.integer({ min: 0, max: 0xffff_ffff });
const times = fc.integer({ min: 1_000, max: 86_400_000 });

describe('the script of the upstream', () => {
  test('goes through all six phases in their order, and fills the time without a gap', () => {
    fc.assert(
      fc.property(seeds, times, (seed, totalMs) => {
        const script = writeScript(seed, totalMs);

        expect([...new Set(script.map(({ phase }) => phase))]).toEqual([...PHASES]);
        expect(script[0]?.startMs).toBe(0);
        expect(script.at(-1)?.endMs).toBeCloseTo(totalMs, 3);
        for (const [index, { startMs, endMs }] of script.entries()) {
          expect(endMs).toBeGreaterThan(startMs);
          expect(startMs).toBe(script[index - 1]?.endMs ?? 0);
        }
      }),
    );
  });

  test('gives every phase at least a tenth of the time', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        for (const phase of PHASES) {
          const parts = writeScript(seed, 1).filter((segment) => segment.phase === phase);
          expect(parts.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)).toBeGreaterThan(0.1);
        }
      }),
    );
  });

  test('is the same for the same seed, and another for another', () => {
    expect(writeScript(7, 30_000)).toEqual(writeScript(7, 30_000));
    expect(writeScript(7, 30_000)).not.toEqual(writeScript(8, 30_000));
  });

  test('stays with its last segment when it is over', () => {
    const script = writeScript(1, 1_000);

    expect(segmentAt(script, 0)).toBe(script[0]);
    expect(segmentAt(script, script[0]?.endMs ?? 0)).toBe(script[1]);
    expect(segmentAt(script, 5_000)).toBe(script.at(-1));
    expect(script.at(-1)?.behaviour).toBe('healthy');
  });
});
