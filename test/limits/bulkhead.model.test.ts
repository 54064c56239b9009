import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cancellationOf } from '../../src/base/cancellation.js';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { Bulkhead } from '../../src/limits/bulkhead.js';

const TIMEOUT_MS = 50;

/** What a bulkhead should do, written down naively: arrays, and no thought for speed. */
interface Model {
  readonly slots: number;
  readonly places: number;
  closed: boolean;
  active: number;
  queue: { id: number; expiresAt: number }[];
  nowMs: number;
  rejected: number;
  timedOut: number;
  totalCalls: number;
  /** How each waiter should have ended. */
  readonly ends: Map<number, string>;
}

interface Real {
  readonly bulkhead: Bulkhead;
  readonly clock: ManualClock;
  readonly controllers: Map<number, AbortController>;
  readonly ends: Map<number, string>;
  nextId: number;
}

type Command = fc.AsyncCommand<Model, Real>;

/** Runs an act on both, lets all settle, and compares. */
function command(name: string, onModel: (model: Model, id: number) => void, onReal: (real: Real) => unknown): Command {
  return {
    check: () => true,
    async run(model, real) {
      onModel(model, real.nextId);
      await onReal(real);
      await new Promise((resolve) => setImmediate(resolve));
      const { slots, places, ends, queue, nowMs, active, rejected, timedOut, totalCalls } = model;
      const { maxConcurrent, maxQueue, ...snapshot } = real.bulkhead.snapshot();
      expect(snapshot).toEqual({ active, rejected, timedOut, totalCalls, queued: queue.length });
      expect(real.ends).toEqual(ends);
      expect(real.clock.now()).toBe(nowMs);
      expect([maxConcurrent, maxQueue]).toEqual([slots, places]);
    },
    toString: () => name,
  };
}

const enter = command(
  'enter',
  (model, id) => {
    model.totalCalls++;
    if (!model.closed && model.active < model.slots) {
      model.active++;
      model.ends.set(id, 'in');
    } else if (!model.closed && model.queue.length < model.places) {
      model.queue.push({ id, expiresAt: model.nowMs + TIMEOUT_MS });
    } else {
      model.rejected++;
      model.ends.set(id, model.closed ? 'ERR_CLOSED' : 'ERR_BULKHEAD_FULL');
    }
  },
  (real) => {
    const id = real.nextId++;
    const controller = new AbortController();
    real.controllers.set(id, controller);
    void real.bulkhead.enter({ cancellation: cancellationOf(controller.signal) }).then(
      () => real.ends.set(id, 'in'),
      (error: { code?: string } | string) => real.ends.set(id, typeof error === 'string' ? error : `${error.code}`),
    );
  },
);

const tryEnter = command(
  'tryEnter',
  (model) => {
    if (model.closed || model.active >= model.slots) return;
    model.active++;
    model.totalCalls++;
  },
  ({ bulkhead }) => bulkhead.tryEnter(),
);

const leave = command(
  'leave',
  (model) => {
    const next = model.queue.shift();
    if (next !== undefined) model.ends.set(next.id, 'in');
    else if (model.active > 0) model.active--;
  },
  ({ bulkhead }) => bulkhead.leave(),
);

const close = command(
  'close',
  (model) => {
    model.closed = true;
    for (const { id } of model.queue.splice(0)) {
      model.rejected++;
      model.ends.set(id, 'ERR_CLOSED');
    }
  },
  ({ bulkhead }) => bulkhead.close(),
);

const giveUp = (pick: number) =>
  command(
    `give up ${pick}`,
    (model, ids) => {
      const id = pick % Math.max(1, ids);
      const place = model.queue.findIndex((waiter) => waiter.id === id);
      if (place >= 0) model.queue.splice(place, 1).forEach((waiter) => model.ends.set(waiter.id, 'gave up'));
    },
    ({ controllers, nextId }) => controllers.get(pick % Math.max(1, nextId))?.abort('gave up'),
  );

const pass = (ms: number) =>
  command(
    `pass ${ms} ms`,
    (model) => {
      model.nowMs += ms;
      for (const waiter of model.queue.filter(({ expiresAt }) => expiresAt <= model.nowMs)) {
        model.queue.splice(model.queue.indexOf(waiter), 1);
        model.timedOut++;
        model.ends.set(waiter.id, 'ERR_QUEUE_TIMEOUT');
      }
    },
    ({ clock }) => clock.advance(ms),
  );

test('in any order of events it does what a naive model does', async () => {
  const commands = fc.commands(
    [
      fc.constant(enter),
      fc.constant(enter),
      fc.constant(leave),
      fc.constant(tryEnter),
      fc.nat(60).map(giveUp),
      fc.integer({ min: 1, max: 40 }).map(pass),
      fc.constantFrom(leave, leave, leave, close),
    ],
    { maxCommands: 60 },
  );
  const sizes = fc.record({ slots: fc.integer({ min: 1, max: 3 }), places: fc.integer({ min: 0, max: 4 }) });
  await fc.assert(
    fc.asyncProperty(sizes, commands, async ({ slots, places }, given) => {
      const clock = new ManualClock();
      const options = { maxConcurrent: slots, maxQueue: places, queueTimeoutMs: TIMEOUT_MS };
      const bulkhead = new Bulkhead(options, { clock });
      const counts = { active: 0, rejected: 0, timedOut: 0, totalCalls: 0 };
      const setup = () => ({
        model: { slots, places, closed: false, queue: [], nowMs: 0, ends: new Map(), ...counts } as Model,
        real: { bulkhead, clock, controllers: new Map(), ends: new Map(), nextId: 0 } as Real,
      });
      await fc.asyncModelRun(setup, given);
    }),
    { numRuns: 60 },
  );
});
