import { expectTypeOf } from 'vitest';
import { type Advice, type AdviceRule, type AdviceSeverity, Registry } from '../../src/index.js';

const advice = new Registry().advise();
expectTypeOf(advice).toEqualTypeOf<Advice[]>();

for (const one of advice) {
  expectTypeOf(one.rule).toEqualTypeOf<AdviceRule>();
  expectTypeOf(one.severity).toEqualTypeOf<AdviceSeverity>();
  // The rule says which numbers there are.
  if (one.rule === 'limit-never-reached') expectTypeOf(one.outerMs).toEqualTypeOf<number>();
  if (one.rule === 'attempts-multiply') expectTypeOf(one.factors).toEqualTypeOf<readonly number[]>();
  // @ts-expect-error another rule may have no such number
  void one.outerMs;
  // @ts-expect-error an advice is frozen
  one.severity = 'note';
  // @ts-expect-error there is no such rule
  if (one.rule === 'no-such-rule') void one;
}
expectTypeOf<Advice<'retries-in-step'>['delayMs']>().toEqualTypeOf<number>();
