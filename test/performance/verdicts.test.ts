import { describe, expect, test } from 'vitest';
import type { PoliciesResult } from '../../scripts/performance/results.js';

// The benchmark is plain JavaScript, without declarations.
interface Row {
  readonly group: string;
  readonly name: string;
  readonly ratio: number;
  readonly overNs: number;
}
type Verdicts = Pick<PoliciesResult, 'jobs' | 'bestPeer' | 'stacks' | 'stackGate'>;
const { verdictsOf } = (await import(new URL('../../bench/verdicts.mjs', import.meta.url).href)) as unknown as {
  verdictsOf(rows: readonly Row[], run: { version: string; missing: readonly string[] }): Verdicts;
};

const row = (group: string, name: string, ratio: number, overNs = 0): Row => ({ group, name, ratio, overNs });
const rows = [
  row('holdfast', 'bare again', 1),
  row('holdfast', 'five', 5),
  row('holdfast', 'sync breaker', 0.2, 7),
  row('holdfast', 'shed', 3),
  row('effect', 'five', 90),
  row('mollitia', 'five', 50),
  row('by-hand', 'five', 20),
  row('stacks', 'timed', 3),
  row('stacks', 'cached', 2),
  row('stacks', 'cached + timed', 5),
];
const verdicts = (version: string, missing: string[] = []) => verdictsOf(rows, { version, missing });

describe('the verdicts of a run', () => {
  test('put the others beside the case of the library, the fastest first, and leave the reference cases out', () => {
    const { jobs } = verdicts('20.1.0');

    expect(jobs.map(({ name }) => name)).toEqual(['five', 'sync breaker', 'shed']);
    expect(jobs[0]?.own?.ratio).toBe(5);
    expect(jobs[0]?.others.map(({ group }) => group)).toEqual(['by-hand', 'mollitia', 'effect']);
  });

  test('say on Node 20 whether a case keeps to its gate, in its own unit', () => {
    const gates = verdicts('20.1.0').jobs.map(({ unit, gate }) => [unit, gate?.most, gate?.met]);

    expect(gates).toEqual([
      ['times', 5.8, true],
      ['ns', 6, false],
      ['times', undefined, undefined],
    ]);
    expect(verdicts('22.1.0').jobs.every(({ gate }) => gate === undefined)).toBe(true);
  });

  test.each([
    ['20.1.0', 15, false],
    ['22.1.0', 8, true],
  ])('compare the stack of five on Node %s with that of the best peer', (version, gate, met) => {
    expect(verdicts(version).bestPeer).toEqual({ group: 'mollitia', times: 10, gate, met });
  });

  test('name no best peer when a library was not measured', () => {
    expect(verdicts('20.1.0', ['mollitia']).bestPeer).toBeUndefined();
  });

  test('say whether a stack keeps to its gate', () => {
    const { stacks, stackGate } = verdicts('20.1.0');

    expect(stackGate).toBe(1.2);
    expect(stacks).toEqual([{ name: 'cached + timed', added: 4, alone: 3, times: 4 / 3, met: false }]);
  });
});
