import { describe, expect, test, vi } from 'vitest';
import type * as Holdfast from '../../src/index.js';
import { ManualClock } from '../../src/edges/testing/index.js';

// Another copy of the package, as a dependency of a dependency would bring it.
const one: typeof Holdfast = await import('../../src/index.js');
vi.resetModules();
const other: typeof Holdfast = await import('../../src/index.js');

test('the two are copies indeed', () => {
  expect(other.Registry).not.toBe(one.Registry);
});

test('they share one default registry', () => {
  expect(other.registry).toBe(one.registry);
});

test('an error of one is known to the other', () => {
  const error = new one.TimeoutError('late', { policy: 'timeout', policyName: 'x' });

  expect(error).toBeInstanceOf(other.TimeoutError);
  expect(other.isResilienceError(error)).toBe(true);
});

describe('a name that is given in both copies with equal options', () => {
  const policies: [string, (copy: typeof Holdfast, registry: Holdfast.Registry) => Holdfast.AnyPolicy][] = [
    ['circuitBreaker', (copy, registry) => copy.circuitBreaker({ name: 'shared', registry })],
    ['bulkhead', (copy, registry) => copy.bulkhead({ name: 'shared', registry })],
    ['rateLimit', (copy, registry) => copy.rateLimit({ name: 'shared', limit: 9, registry })],
    ['shed', (copy, registry) => copy.shed({ name: 'shared', registry })],
    ['adaptiveLimit', (copy, registry) => copy.adaptiveLimit({ name: 'shared', registry })],
    ['deadLetter', (copy, registry) => copy.deadLetter({ name: 'shared', registry })],
    ['cached, of each instance', (copy, registry) => copy.cached({ name: 'shared', registry })],
    ['cached, of the class', (copy, registry) => copy.cached({ name: 'shared', scope: 'class', registry })],
    [
      'retryWithBackoff by a budget',
      (copy, registry) => copy.retryWithBackoff({ budget: { name: 'shared' }, registry }),
    ],
  ];

  test.each(policies)('is one part: %s', async (_, policyOf) => {
    const registry = new one.Registry({ clock: new ManualClock() });
    const wrap = policyOf as unknown as (
      copy: typeof Holdfast,
      registry: Holdfast.Registry,
    ) => (fn: (n: number) => Promise<number>) => (n: number) => Promise<number>;
    const half = wrap(one, registry)(async (n) => n / 2);
    const third = wrap(other, registry)(async (n) => n / 3);

    expect([await half(6), await third(9), await third(9)]).toEqual([3, 3, 3]);
  });
});

describe('the context of a call', () => {
  const registry = new one.Registry({ clock: new ManualClock() });
  const stacks: [string, (copy: typeof Holdfast) => (fn: () => unknown) => () => unknown][] = [
    ['light', (copy) => (fn) => copy.circuitBreaker({ registry })(fn)],
    ['timed', (copy) => (fn) => copy.timed({ registry })(fn)],
  ];

  test.each(stacks)('of a %s call of one copy is read by the other', (_, make) => {
    const called = make(one)(function price() {
      return other.callContext().name;
    });

    expect(called()).toBe('price');
    expect(other.callContext().name).toBe('');
  });

  test.each(stacks)(
    'is that of the innermost call, whichever copy it belongs to; the outer one is found again (%s)',
    (_, make) => {
      const inner = make(other)(function inside() {
        return [one.callContext().name, other.callContext().name];
      });
      const outer = make(one)(function outside() {
        return [inner(), one.callContext().name, other.callContext().name];
      });

      expect(outer()).toEqual([['inside', 'inside'], 'outside', 'outside']);
    },
  );
});
