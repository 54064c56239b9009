import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { checkCheck } from '../../src/health/check-options.js';
import { Checkup } from '../../src/health/checkup.js';

interface Settings {
  timeoutMs: number;
  cacheMs: number;
  retryHungAfterMs: number;
  whileChecking: 'wait' | 'stale';
}

type Step = { do: 'look' } | { do: 'pass'; ms: number } | { do: 'answer'; run: number; well: boolean };

const settings = fc.record<Settings>({
  timeoutMs: fc.integer({ min: 1, max: 300 }),
  cacheMs: fc.integer({ min: 0, max: 300 }),
  retryHungAfterMs: fc.integer({ min: 1, max: 900 }),
  whileChecking: fc.constantFrom('wait', 'stale'),
});
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('look' as const) }),
    fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 400 }) }),
    fc.record({ do: fc.constant('answer' as const), run: fc.nat(3), well: fc.boolean() }),
  ),
  { maxLength: 40 },
);

/** The rule in its simplest form: what is known, until when, and which run has not ended. */
class Model {
  readonly #settings: Settings;
  known: 'up' | 'down' | undefined = undefined;
  readonly begun: number[] = [];
  #freshUntil = -Infinity;
  #run: { no: number; at: number; givenUp: boolean } | undefined = undefined;

  constructor(options: Settings) {
    this.#settings = options;
  }

  /** Whether the look is answered at once. */
  look(nowMs: number): boolean {
    if (nowMs < this.#freshUntil) return true;
    const run = this.#run;
    if (run?.givenUp === true && nowMs - run.at < this.#settings.retryHungAfterMs) {
      this.#learn('down', nowMs);
      return true;
    }
    if (run === undefined || run.givenUp) {
      this.#run = { no: this.begun.length, at: nowMs, givenUp: false };
      this.begun.push(nowMs);
    }
    return this.#settings.whileChecking === 'stale' && this.known !== undefined;
  }

  pass(untilMs: number): void {
    const run = this.#run;
    if (run === undefined || run.givenUp || run.at + this.#settings.timeoutMs > untilMs) return;
    run.givenUp = true;
    this.#learn('down', run.at + this.#settings.timeoutMs);
  }

  answer(no: number, well: boolean, nowMs: number): void {
    if (this.#run?.no !== no) return;
    if (!this.#run.givenUp) this.#learn(well ? 'up' : 'down', nowMs);
    this.#run = undefined;
  }

  #learn(status: 'up' | 'down', nowMs: number): void {
    this.known = status;
    this.#freshUntil = nowMs + this.#settings.cacheMs;
  }
}

test('whatever is looked, answered and waited for, results and runs are those of the rule, and nobody waits too long', async () => {
  const walk = async (given: Settings, walked: readonly Step[]) => {
    const clock = new ManualClock();
    const answers: ((well: boolean) => void)[] = [];
    const begun: number[] = [];
    const check = () => {
      begun.push(clock.now());
      return new Promise<boolean>((resolve) => answers.push(resolve));
    };
    const checkup = new Checkup(checkCheck('x', { check }, given), clock);
    const model = new Model(given);
    const waits: Promise<number>[] = [];

    for (const step of walked) {
      const nowMs = clock.now();
      if (step.do === 'look') {
        const result = checkup.look();
        expect(result instanceof Promise).toBe(!model.look(nowMs));
        waits.push(Promise.resolve(result).then(() => clock.now() - nowMs));
      } else if (step.do === 'pass') {
        model.pass(nowMs + step.ms);
        await clock.advance(step.ms);
      } else if (answers.length > 0) {
        const no = step.run % answers.length;
        answers[no]?.(step.well);
        model.answer(no, step.well, nowMs);
        await clock.advance(0);
      }
      expect([checkup.last?.status, begun]).toEqual([model.known, model.begun]);
    }
    await clock.advance(given.timeoutMs);
    for (const waited of await Promise.all(waits)) expect(waited).toBeLessThanOrEqual(given.timeoutMs);
  };
  await fc.assert(fc.asyncProperty(settings, steps, walk), { numRuns: 500 });
});
