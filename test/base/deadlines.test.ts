import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_TIMER_MS } from '../../src/base/clock.js';
import { Deadline } from '../../src/base/deadline.js';
import { DeadlineHeap } from '../../src/base/deadline-heap.js';
import { DeadlineList } from '../../src/base/deadline-list.js';
import { Deadlines, deadlinesOf } from '../../src/base/deadlines.js';
import { HoldingClock } from './holding-clock.js';

class Noted extends Deadline {
  readonly name: number;
  readonly #log: [number, number][];
  readonly #clock: HoldingClock;

  constructor(name: number, clock: HoldingClock, log: [number, number][]) {
    super();
    this.name = name;
    this.#clock = clock;
    this.#log = log;
  }

  expire(): void {
    this.#log.push([this.name, this.#clock.now()]);
  }
}

function rig() {
  const clock = new HoldingClock();
  const log: [number, number][] = [];
  const deadlines = new Deadlines(clock);
  const make = (name = 0) => new Noted(name, clock, log);
  return { clock, log, deadlines, make };
}

describe.each([
  ['list', () => new DeadlineList()],
  ['heap', () => new DeadlineHeap()],
])('a %s', (_, makeQueue) => {
  test('has the earliest first, whatever is added and removed', () => {
    // More is added than removed, so that the queue grows.
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ add: fc.integer({ min: 0, max: 50 }) }) },
      { weight: 1, arbitrary: fc.record({ remove: fc.nat() }) },
      { weight: 2, arbitrary: fc.constant('shift' as const) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = makeQueue();
        const { make } = rig();
        const model: Deadline[] = [];
        for (const each of steps) {
          if (typeof each === 'object' && 'add' in each) {
            const deadline = make();
            deadline.at = each.add;
            queue.add(deadline);
            model.push(deadline);
          } else if (model.length > 0) {
            const doomed = each === 'shift' ? queue.first : model[each.remove % model.length];
            queue.remove(doomed as Deadline);
            model.splice(model.indexOf(doomed as Deadline), 1);
          }
          const earliest = model.length === 0 ? undefined : Math.min(...model.map(({ at }) => at));
          expect(queue.first?.at).toBe(earliest);
        }
      }),
    );
  });
});

test('what takes the place of a removed deadline may be earlier than those above it', () => {
  const heap = new DeadlineHeap();
  const { make } = rig();
  const added = [1, 10, 2, 11, 12, 3, 4, 13, 14, 15, 16, 17, 18, 19, 5].map((at) => Object.assign(make(at), { at }));
  for (const deadline of added) heap.add(deadline);
  heap.remove(added[7] as Deadline);
  const drained: number[] = [];
  for (let { first } = heap; first !== undefined; { first } = heap) {
    drained.push(first.at);
    heap.remove(first);
  }

  expect(drained).toEqual([1, 2, 3, 4, 5, 10, 11, 12, 14, 15, 16, 17, 18, 19]);
});

test('against a naive model: nothing expires early, nothing late, what is cancelled never', () => {
  const step = fc.oneof(
    fc.record({ arm: fc.constantFrom(10, 25, 100, 0.5), computed: fc.boolean() }),
    fc.record({ cancel: fc.nat() }),
    fc.record({ advance: fc.constantFrom(1, 9.5, 10, 24, 80) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
      const { clock, log, deadlines, make } = rig();
      const model = new Map<number, { deadline: Deadline; at: number }>();
      let names = 0;
      for (const each of steps) {
        if ('arm' in each) {
          const deadline = make(++names);
          deadlines[each.computed ? 'armComputed' : 'arm'](deadline, each.arm, clock.now());
          model.set(names, { deadline, at: clock.now() + each.arm });
        } else if ('cancel' in each) {
          const found = model.get((each.cancel % (names + 1)) + 1);
          if (found !== undefined) deadlines.cancel(found.deadline);
          model.delete((each.cancel % (names + 1)) + 1);
        } else {
          clock.advance(each.advance);
          for (const [name, when] of log.splice(0)) {
            const expected = model.get(name)?.at as number;
            expect(when).toBeGreaterThanOrEqual(expected);
            // Timers are whole ms.
            expect(when).toBeLessThan(expected + 1);
            model.delete(name);
          }
          for (const { at } of model.values()) expect(Math.ceil(at)).toBeGreaterThanOrEqual(Math.floor(clock.now()));
        }
      }
    }),
  );
});

describe('timers', () => {
  test('deadlines of one duration share one, computed ones another', () => {
    const { clock, deadlines, make } = rig();
    for (let times = 0; times < 100; times++) {
      deadlines.arm(make(), 50, clock.now());
      deadlines.arm(make(), 70, clock.now());
      deadlines.armComputed(make(), 60 + times, clock.now());
      clock.advance(0.1);
    }

    expect(clock.timers.size).toBe(3);
    expect(clock.armed).toBe(3);
  });

  test('an earlier computed deadline moves the timer', () => {
    const { clock, log, deadlines, make } = rig();
    deadlines.armComputed(make(1), 100, 0);
    deadlines.armComputed(make(2), 10, 0);
    clock.advance(10);
    expect(log).toEqual([[2, 10]]);
    clock.advance(90);
    expect(log).toEqual([
      [2, 10],
      [1, 100],
    ]);
  });

  test('a steady stream arms one timer a duration, not one a call', () => {
    const { clock, deadlines, make } = rig();
    for (let ms = 0; ms < 1_000; ms++) {
      const deadline = make();
      deadlines.arm(deadline, 100, clock.now());
      deadlines.cancel(deadline);
      clock.advance(1);
    }

    expect(clock.armed).toBeLessThanOrEqual(11);
  });

  test('is gone one duration after the last call', () => {
    const { clock, deadlines, make } = rig();
    const deadline = make();
    deadlines.arm(deadline, 100, 0);
    deadlines.cancel(deadline);
    clock.advance(100);

    expect(clock.timers.size).toBe(0);
  });

  test('past 2³¹ ms it is chained, and fires in time', () => {
    const { clock, log, deadlines, make } = rig();
    const far = MAX_TIMER_MS * 2 + 5;
    deadlines.arm(make(1), far, 0);
    clock.advance(far - 1);
    expect(log).toEqual([]);
    clock.advance(1);

    expect(log).toEqual([[1, far]]);
    expect(Math.max(...clock.delays)).toBe(MAX_TIMER_MS);
  });

  test('Infinity is no deadline', () => {
    const { clock, deadlines, make } = rig();
    deadlines.arm(make(), Infinity, 0);
    deadlines.armComputed(make(), Infinity, 0);

    expect(clock.timers.size).toBe(0);
  });

  test('one that fires early is armed again, and nothing expires', () => {
    const { clock, log, deadlines, make } = rig();
    deadlines.arm(make(1), 100, 0);
    const [timer] = clock.timers;
    clock.timers.clear();
    clock.nowMs = 99.5;
    timer?.callback();
    expect(log).toEqual([]);
    clock.advance(1);

    expect(log).toEqual([[1, 100.5]]);
  });
});

describe('the process', () => {
  test('is held while a deadline is waited for, and let go when it is cancelled', () => {
    const { clock, deadlines, make } = rig();
    const [one, two] = [make(), make()];
    deadlines.arm(one, 100, 0);
    deadlines.arm(two, 100, 0);
    const held = [clock.holds];
    deadlines.cancel(one);
    held.push(clock.holds);
    deadlines.cancel(two);
    held.push(clock.holds);
    deadlines.arm(make(), 100, 0);
    held.push(clock.holds);

    expect(held).toEqual([true, true, false, true]);
  });

  test('is let go when what is left is abandoned, which expires all the same', () => {
    const { clock, log, deadlines, make } = rig();
    const deadline = make(1);
    deadlines.armComputed(deadline, 100, 0);
    deadlines.abandon(deadline);
    deadlines.abandon(deadline);
    expect(clock.holds).toBe(false);
    clock.advance(100);
    expect(log).toEqual([[1, 100]]);
    deadlines.armComputed(make(), 10, 100);
    expect(clock.holds).toBe(true);
  });

  test('is not held by the chain of an abandoned deadline', () => {
    const { clock, deadlines, make } = rig();
    const deadline = make();
    deadlines.arm(deadline, MAX_TIMER_MS + 5, 0);
    deadlines.abandon(deadline);
    clock.advance(MAX_TIMER_MS);

    expect([clock.timers.size, clock.holds]).toEqual([1, false]);
  });

  test.each(['cancel', 'abandon'] as const)('%s of one that has expired, or never was, is no error', (act) => {
    const { clock, deadlines, make } = rig();
    const [expired, other] = [make(), make()];
    deadlines.arm(expired, 10, 0);
    clock.advance(10);
    deadlines.arm(other, 10, 10);
    deadlines[act](expired);
    deadlines[act](make());

    expect(clock.holds).toBe(true);
  });
});

test('a deadline may arm another as it expires', () => {
  const { clock, log, deadlines, make } = rig();
  class Again extends Deadline {
    expire(): void {
      deadlines.arm(make(2), 10, clock.now());
    }
  }
  deadlines.arm(new Again(), 10, 0);
  clock.advance(20);

  expect(log).toEqual([[2, 20]]);
});

test('all that share a clock share its deadlines', () => {
  const [one, two] = [new HoldingClock(), new HoldingClock()];

  expect(deadlinesOf(one)).toBe(deadlinesOf(one));
  expect(deadlinesOf(one)).not.toBe(deadlinesOf(two));
});
