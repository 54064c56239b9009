import { anything, count as wholeNumber, text } from '../../src/base/option-rules.js';
import type { AsyncFunction } from '../../src/engine/any-function.js';
import { type Run, Waiting } from '../../src/engine/stage.js';
import { definePolicy } from '../../src/index.js';

/** A guard that notes who came in and how it ended. */
export const noted = definePolicy<'noted', { log: string[]; tag?: string }>({
  kind: 'noted',
  summary: 'Notes what happens.',
  options: { log: anything({ required: true }), tag: text({ default: 'it' }) },
  bind: (_site, { log, tag }) => ({
    admit: () => {
      log.push(`${tag} in`);
      return tag;
    },
    succeeded: (permit, value) => {
      log.push(`${String(permit)} ok ${String(value)}`);
    },
    failed: (permit, error) => {
      log.push(`${String(permit)} failed ${error instanceof Error ? error.message : String(error)}`);
    },
  }),
});

/** A loop in the shape of a retry: it runs what is inside anew, at once, until it succeeds. */
export const repeated = definePolicy<'repeated', { times: number; log?: string[] }, AsyncFunction>({
  kind: 'repeated',
  summary: 'Runs again what failed.',
  options: { times: wholeNumber({ required: true }), log: anything() },
  waits: true,
  bind: (_site, { times, log }) => ({
    async around(_call, inside) {
      let last: unknown;
      for (let attempt = 1; attempt <= times && !inside.cancelled; attempt++) {
        log?.push(`attempt ${attempt}`);
        try {
          return await inside.run(attempt, last).result;
        } catch (error) {
          last = error;
        }
      }
      throw inside.cancelled ? inside.reason : last;
    },
  }),
});

/** The same, asked only once the first run has failed. */
export const answeredAgain = definePolicy<'answeredAgain', { times: number }, AsyncFunction>({
  kind: 'answeredAgain',
  summary: 'Runs again what failed.',
  options: { times: wholeNumber({ required: true }) },
  waits: true,
  bind: (_site, { times }) => ({
    async answer(error, _call, inside) {
      let last = error;
      for (let attempt = 2; attempt <= times && !inside.cancelled; attempt++) {
        try {
          return await inside.run(attempt, last).result;
        } catch (failure) {
          last = failure;
        }
      }
      throw last;
    },
  }),
});

/** Runs what is inside twice at the same time; the first value wins, and the other run is cancelled. */
export const raced = definePolicy<'raced', Record<never, never>, AsyncFunction>({
  kind: 'raced',
  summary: 'Runs twice; the first answer wins.',
  options: {},
  waits: true,
  bind: () => ({
    async around(_call, inside) {
      const runs: Run[] = [inside.run(1), inside.run(2)];
      const winner = await Promise.race(
        runs.map(async (run) => {
          await run.result;
          return run;
        }),
      );
      for (const run of runs) if (run !== winner) run.cancel(new Error('lost'));
      return winner.result;
    },
  }),
});

/** A door that lets calls in when it is opened. */
export class Door {
  readonly queue: { open(): void; refuse(error: unknown): void }[] = [];
  inside = 0;

  admit(): Waiting<Door> {
    return new Waiting(
      new Promise((resolve, reject) => {
        const open = () => {
          this.inside++;
          resolve(this);
        };
        this.queue.push({ open, refuse: reject });
      }),
    );
  }
}

/** Lets calls wait before a door. */
export const behind = definePolicy<'behind', { door: Door }, AsyncFunction, Door>({
  kind: 'behind',
  summary: 'Waits until a door opens.',
  options: { door: anything({ required: true }) },
  waits: true,
  bind: (_site, { door }) => ({
    admitCall: () => door.admit(),
    succeeded: () => {
      door.inside--;
    },
    failed: () => {
      door.inside--;
    },
  }),
});

/** A promise and what settles it. */
export function deferred<T>(): { promise: Promise<T>; resolve(value: T): void; reject(error: unknown): void } {
  let settle: { resolve(value: T): void; reject(error: unknown): void } | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...(settle as NonNullable<typeof settle>) };
}
