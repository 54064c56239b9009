import { describe, expect, test } from 'vitest';
import {
  type AnyPolicy,
  cached,
  circuitBreaker,
  compose,
  fallback,
  policiesOf,
  retryWithBackoff,
  timed,
  timeout,
} from '../../src/index.js';
import { failing, failureOf, world } from './world.js';

describe('compose', () => {
  test('stands as the policies it is made of, outermost first, in exactly that order', () => {
    const { own } = world();
    const [outer, middle, inner] = [timeout({ ms: 5, ...own }), retryWithBackoff(own), timed(own)];

    expect(policiesOf(compose(outer, middle, inner)(failing(0).fn))).toEqual([outer, middle, inner]);
  });

  test('inside compose is flattened', () => {
    const { own } = world();
    const [a, b, c] = [timed(own), circuitBreaker(own), cached(own)];
    const stack = compose(a, compose(b, compose(c)));

    expect(policiesOf(stack(failing(0).fn))).toEqual([a, b, c]);
    expect(stack.options.policies).toEqual([a, b, c]);
    expect(Object.isFrozen(stack.options)).toBe(true);
    expect(Object.isFrozen(stack.options.policies)).toBe(true);
  });

  test('is what wrapping one in the other is, and what decorators above each other are', async () => {
    const stories = (['composed', 'nested', 'stacked'] as const).map(async (form) => {
      const { clock, own, registry } = world();
      const story: string[] = [];
      registry.on('*', ({ type, site }) => story.push(`${type} ${site.replace(/^.*\./, '')}`));
      const [spare, breaker] = [
        fallback.value('spare', own),
        circuitBreaker({ name: 'b', failureThreshold: 2, ...own }),
      ];
      const retry = retryWithBackoff({ baseDelayMs: 10, jitter: 'none', ...own });
      const price = failing(9).fn;
      class Quotes {
        @spare
        @retry
        @breaker
        async fn(): Promise<string> {
          return price();
        }
      }
      const call = {
        composed: () => compose(spare, retry, breaker)(price),
        nested: () => spare(retry(breaker(price))),
        stacked: () => () => new Quotes().fn(),
      }[form]();
      const answer = call();
      await clock.advance(100);
      story.push(await answer, String(registry.breakers.get('b')?.state));
      return story;
    });
    const [composed, nested, stacked] = await Promise.all(stories);

    expect(composed).toContain('call:rejected fn');
    expect(nested).toEqual(composed);
    expect(stacked).toEqual(composed);
  });

  test('of one policy is that policy', async () => {
    const { own } = world();

    expect(await failureOf(compose(timed(own))(failing(1).fn))).toMatchObject({ message: 'down' });
  });

  test('leaves a synchronous function synchronous, where all of them do', () => {
    const { own } = world();

    expect(compose(timed(own), cached(own), fallback.value(0, own))((n: number): number => n + 1)(1)).toBe(2);
  });

  test.each<[string, unknown[], string]>([
    ['no policy', [], 'compose takes at least one policy'],
    ['a function', [() => 1], 'compose takes policies, got function (anonymous) in place 1'],
    ['undefined', [undefined], 'got undefined in place 1'],
    ['options in the second place', [timed(), { ms: 5 }], 'got an object in place 2'],
  ])('refuses %s', (_, policies, message) => {
    expect(() => compose(...(policies as AnyPolicy[]))).toThrow(TypeError);
    expect(() => compose(...(policies as AnyPolicy[]))).toThrow(message);
  });
});
