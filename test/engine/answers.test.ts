import { describe, expect, test } from 'vitest';
import { anything } from '../../src/base/option-rules.js';
import type { Stage } from '../../src/engine/stage.js';
import { callContext, compose, definePolicy, fallback, timeout } from '../../src/index.js';
import { noted } from './small-policies.js';

/** A policy that is nothing but its hooks. */
const hooks = definePolicy<'hooks', { hooks: Stage<unknown> }>({
  kind: 'hooks',
  summary: 'Does what it is told.',
  options: { hooks: anything({ required: true }) },
  bind: (_site, options) => options.hooks,
});
const failing = (message: string) => (): number => {
  throw new Error(message);
};

describe('an answer', () => {
  test('turns a failure into a value, which the stages outside take for a success', () => {
    const log: string[] = [];
    const call = compose(noted({ log }), hooks({ hooks: { answer: () => 7 } }))(failing('down'));

    expect(call()).toBe(7);
    expect(log).toEqual(['it in', 'it ok 7']);
  });

  test('may be a promise, also for a function that failed at once', async () => {
    const call = compose(noted({ log: [] }), hooks({ hooks: { answer: async () => 7 } }))(failing('down'));

    expect(await call()).toBe(7);
  });

  test('that throws puts its error in the place of the first', () => {
    const log: string[] = [];
    const second = hooks({ hooks: { answer: failing('second') } });

    expect(compose(noted({ log }), second)(failing('first'))).toThrow('second');
    expect(log).toEqual(['it in', 'it failed second']);
  });

  test('is not asked when there is no failure', () => {
    const call = hooks({ hooks: { answer: () => 7 } })(() => 1);

    expect(call()).toBe(1);
  });

  test('runs another function with the same `this` and arguments', () => {
    class Quotes {
      last = 3;
      @fallback(function (this: Quotes, ...args: number[]) {
        return this.last + args.length;
      })
      price(..._: number[]): number {
        throw new Error('down');
      }
    }

    expect(new Quotes().price(1, 2, 3, 4, 5)).toBe(8);
  });

  test('gives the first error as cause of its own', async () => {
    const first = new Error('first');
    const call = compose(
      fallback(async (): Promise<number> => {
        throw new Error('second');
      }),
      timeout(),
    )(async (): Promise<number> => {
      throw first;
    });

    await expect(call()).rejects.toMatchObject({ message: 'second', cause: first });
  });
});

describe('a revision', () => {
  test('takes the value, and gives another', () => {
    const call = hooks({ hooks: { revise: (value) => (value as number) + 1 } })((n: number) => n * 2);

    expect(call(3)).toBe(7);
  });

  test('is asked for each value on the way out, inwards first', async () => {
    const add = (text: string) => hooks({ hooks: { revise: async (value) => `${String(value)}${text}` } });

    expect(await compose(add('a'), add('b'))(async () => 'm')()).toBe('mba');
  });

  test('that throws makes the call fail for the stages outside only', () => {
    const log: string[] = [];
    const call = compose(
      noted({ log, tag: 'outer' }),
      hooks({ hooks: { revise: failing('not good enough') } }),
      noted({ log, tag: 'inner' }),
    )(() => 1);

    expect(call).toThrow('not good enough');
    expect(log).toEqual(['outer in', 'inner in', 'inner ok 1', 'outer failed not good enough']);
  });

  test('may run what is inside again', async () => {
    const call = hooks({
      hooks: { revise: (value, _call, inside) => (value === 1 ? inside.run(2).result : value) },
    })(async () => callContext().attempt);

    expect(await call()).toBe(2);
  });
});

describe('a guard', () => {
  test('gets back what it gave when it let the call in, each call its own', async () => {
    let permits = 0;
    const seen: unknown[] = [];
    const call = hooks({ hooks: { admit: () => ++permits, succeeded: (permit) => seen.push(permit) } })(
      (ms: Promise<void>) => ms,
    );
    let end = () => {};
    const slow = new Promise<void>((resolve) => {
      end = resolve;
    });

    const first = call(slow);
    await call(Promise.resolve());
    end();
    await first;

    expect(seen).toEqual([2, 1]);
  });

  test('that throws in `failed` puts its error in the place of the first', () => {
    const call = hooks({ hooks: { failed: failing('other') } })(failing('first'));

    expect(call).toThrow('other');
  });

  test('that throws in `succeeded` makes the call fail', async () => {
    const judged = hooks({ hooks: { admitCall: () => 1, succeeded: failing('refused') } });

    expect(judged(() => 1)).toThrow('refused');
    await expect(judged(async () => 1)()).rejects.toThrow('refused');
  });
});
