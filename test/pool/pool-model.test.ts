import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { Pool } from '../../src/pool/pool.js';
import { type Connection, deferred, settled } from './world.js';

// Commands come at multiples of 10 ms, and each of these ends at a digit of its own: no two things happen at once.
const ACQUIRE_MS = 51;
const CREATE_MS = 82;
const IDLE_MS = 125;

/** What a pool should do, written down naively: arrays, and no thought for speed. */
interface Model {
  readonly maxSize: number;
  readonly maxQueue: number;
  nowMs: number;
  closed: boolean;
  queue: { id: number; expiresAt: number }[];
  idle: { resource: number; isGood: boolean; expiresAt: number }[];
  borrowed: { resource: number; isGood: boolean }[];
  creating: { expiresAt: number }[];
  made: number;
  /** How each caller's wait should have ended. */
  readonly ends: Map<number, string>;
}

interface Real {
  readonly pool: Pool<Connection>;
  readonly clock: ManualClock;
  readonly creations: { resolve(connection: Connection): void; reject(error: unknown): void; isOver(): boolean }[];
  readonly controllers: Map<number, AbortController>;
  readonly ends: Map<number, string>;
  readonly borrowed: Connection[];
  readonly idle: Connection[];
  made: number;
  nextId: number;
}

type Command = fc.AsyncCommand<Model, Real>;

const sizeOf = (model: Model): number => model.idle.length + model.borrowed.length + model.creating.length;

/** Gives what is idle and good to those in line, and begins what has to be made for the rest. */
function serve(model: Model): void {
  if (model.closed) return;
  while (model.queue.length > 0) {
    const idle = model.idle.pop();
    if (idle === undefined) break;
    if (idle.isGood) hand(model, idle);
  }
  while (model.queue.length > model.creating.length && sizeOf(model) < model.maxSize) {
    model.creating.push({ expiresAt: model.nowMs + CREATE_MS });
  }
}

function hand(model: Model, { resource, isGood }: { resource: number; isGood: boolean }): void {
  const first = model.queue.shift();
  if (first === undefined) model.idle.push({ resource, isGood, expiresAt: model.nowMs + IDLE_MS });
  else {
    model.borrowed.push({ resource, isGood });
    model.ends.set(first.id, `got ${resource}`);
  }
}

function failCreation(model: Model, why: string): void {
  const first = model.queue.shift();
  if (first !== undefined) model.ends.set(first.id, why);
  serve(model);
}

/** Lets all that is due by a moment happen, in its order. */
function passTo(model: Model, endMs: number): void {
  for (;;) {
    const moments = [...model.queue, ...model.idle, ...model.creating].map(({ expiresAt }) => expiresAt);
    const next = Math.min(...moments);
    if (next > endMs) break;
    model.nowMs = next;
    const late = model.queue.find(({ expiresAt }) => expiresAt === next);
    if (late !== undefined) {
      model.queue.splice(model.queue.indexOf(late), 1);
      model.ends.set(late.id, 'ERR_QUEUE_TIMEOUT');
    } else if (model.creating[0]?.expiresAt === next) {
      model.creating.shift();
      failCreation(model, 'ERR_TIMEOUT');
    } else model.idle.shift();
  }
  model.nowMs = endMs;
}

/** Runs an act on both, lets all settle, and compares. */
function command(
  name: string,
  onModel: (model: Model, id: number) => void,
  onReal: (real: Real) => unknown,
  check: (model: Readonly<Model>) => boolean = () => true,
): Command {
  return {
    check,
    async run(model, real) {
      onModel(model, real.nextId);
      await onReal(real);
      await settled();
      const { size, idle, borrowed, creating, checking, destroying, waiting } = real.pool.snapshot();
      expect({ size, idle, borrowed, creating, checking, destroying, waiting }).toEqual({
        size: sizeOf(model),
        idle: model.idle.length,
        borrowed: model.borrowed.length,
        creating: model.creating.length,
        checking: 0,
        destroying: 0,
        waiting: model.queue.length,
      });
      expect(size).toBeLessThanOrEqual(model.maxSize);
      expect(real.ends).toEqual(model.ends);
      expect(real.clock.now()).toBe(model.nowMs);
    },
    toString: () => name,
  };
}

const acquire = command(
  'acquire',
  (model, id) => {
    if (model.closed) {
      model.ends.set(id, 'ERR_CLOSED');
      return;
    }
    model.queue.push({ id, expiresAt: model.nowMs + ACQUIRE_MS });
    serve(model);
    if (model.queue.length - model.creating.length <= model.maxQueue) return;
    model.queue.pop();
    model.ends.set(id, 'ERR_BULKHEAD_FULL');
  },
  (real) => {
    const id = real.nextId++;
    const controller = new AbortController();
    real.controllers.set(id, controller);
    void real.pool.acquire({ signal: controller.signal }).then(
      (connection) => {
        real.borrowed.push(connection);
        real.ends.set(id, `got ${connection.id}`);
      },
      (error: { code?: string } | string) => real.ends.set(id, typeof error === 'string' ? error : `${error.code}`),
    );
  },
);

const giveBack = (pick: number, fate: 'release' | 'spoil' | 'discard') =>
  command(
    `${fate} ${pick}`,
    (model) => {
      const [held] = model.borrowed.splice(pick % model.borrowed.length, 1);
      if (held === undefined || model.closed) return;
      if (fate === 'release') {
        model.idle.push({ ...held, expiresAt: model.nowMs + IDLE_MS });
      } else if (fate === 'spoil') model.idle.push({ ...held, isGood: false, expiresAt: model.nowMs + IDLE_MS });
      serve(model);
    },
    ({ pool, borrowed }) => {
      const [held] = borrowed.splice(pick % borrowed.length, 1);
      if (held === undefined) throw new Error('the model lends more than there is');
      held.isGood = fate !== 'spoil';
      if (fate === 'discard') pool.discard(held);
      else pool.release(held);
    },
    ({ borrowed }) => borrowed.length > 0,
  );

const settleCreation = (fate: 'made' | 'failed') =>
  command(
    `creation ${fate}`,
    (model) => {
      model.creating.shift();
      if (fate === 'failed') failCreation(model, 'no');
      else {
        model.made++;
        if (!model.closed) hand(model, { resource: model.made, isGood: true });
      }
    },
    (real) => {
      const creation = real.creations.find(({ isOver }) => !isOver());
      real.creations.splice(0, real.creations.indexOf(creation as Real['creations'][0]) + 1);
      if (fate === 'failed') creation?.reject('no');
      else creation?.resolve({ id: ++real.made, isGood: true });
    },
    ({ creating }) => creating.length > 0,
  );

const giveUp = (pick: number) =>
  command(
    `give up ${pick}`,
    (model, ids) => {
      const place = model.queue.findIndex(({ id }) => id === pick % Math.max(1, ids));
      if (place >= 0) model.queue.splice(place, 1).forEach(({ id }) => model.ends.set(id, 'gave up'));
    },
    ({ controllers, nextId }) => controllers.get(pick % Math.max(1, nextId))?.abort('gave up'),
  );

const pass = (ms: number) =>
  command(
    `pass ${ms} ms`,
    (model) => passTo(model, model.nowMs + ms),
    ({ clock }) => clock.advance(ms),
  );

const close = command(
  'close',
  (model) => {
    model.closed = true;
    model.idle = [];
    for (const { id } of model.queue.splice(0)) model.ends.set(id, 'ERR_CLOSED');
  },
  ({ pool }) => void pool.close(),
);

function realPool(maxSize: number, maxQueue: number): Real {
  const clock = new ManualClock();
  const creations: Real['creations'] = [];
  const pool = new Pool<Connection>(
    {
      create: () => {
        const { promise, resolve, reject } = deferred<Connection>();
        const expiresAt = clock.now() + CREATE_MS;
        // A closed pool asks what is being made to end, and still waits for it; one whose time is up is forgotten.
        creations.push({ resolve, reject, isOver: () => clock.now() >= expiresAt });
        return promise;
      },
      validate: ({ isGood }) => isGood,
      maxSize,
      maxQueue,
      acquireTimeoutMs: ACQUIRE_MS,
      createTimeoutMs: CREATE_MS,
      idleTimeoutMs: IDLE_MS,
      drainTimeoutMs: Infinity,
    },
    { clock },
  );
  const empty = { controllers: new Map(), ends: new Map(), borrowed: [], idle: [], made: 0, nextId: 0 };
  return { pool, clock, creations, ...empty };
}

test('in any order of events it does what a naive model does', { timeout: 60_000 }, async () => {
  const commands = fc.commands(
    [
      fc.constant(acquire),
      fc.constant(acquire),
      fc.constant(acquire),
      fc.constantFrom('made' as const, 'made' as const, 'failed' as const).map(settleCreation),
      fc.constant(settleCreation('made')),
      fc
        .tuple(fc.nat(5), fc.constantFrom('release' as const, 'spoil' as const, 'discard' as const))
        .map(([pick, fate]) => giveBack(pick, fate)),
      fc.nat(5).map((pick) => giveBack(pick, 'release')),
      fc.nat(60).map(giveUp),
      fc.integer({ min: 1, max: 9 }).map((tens) => pass(10 * tens)),
      fc.constantFrom(acquire, acquire, acquire, acquire, close),
    ],
    { maxCommands: 60 },
  );
  const sizes = fc.record({ maxSize: fc.integer({ min: 1, max: 3 }), maxQueue: fc.integer({ min: 0, max: 4 }) });
  await fc.assert(
    fc.asyncProperty(sizes, commands, async ({ maxSize, maxQueue }, given) => {
      const setup = () => ({
        model: {
          maxSize,
          maxQueue,
          nowMs: 0,
          closed: false,
          queue: [],
          idle: [],
          borrowed: [],
          creating: [],
          made: 0,
          ends: new Map(),
        } as Model,
        real: realPool(maxSize, maxQueue),
      });
      await fc.asyncModelRun(setup, given);
    }),
    { numRuns: 150 },
  );
});
