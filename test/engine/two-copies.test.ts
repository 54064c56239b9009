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
