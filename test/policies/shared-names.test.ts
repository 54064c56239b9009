import { describe, expect, test } from 'vitest';
import { bulkhead, cached, circuitBreaker, type Classify, deadLetter, rateLimit } from '../../src/index.js';
import { world } from './world.js';

type Named = (options: { name: string; registry: never; classify?: Classify }) => (fn: () => Promise<never>) => unknown;

const named = {
  circuitBreaker,
  cached,
  deadLetter,
  bulkhead,
  rateLimit: (options: object) => rateLimit({ limit: 5, ...options }),
} as unknown as Record<string, Named>;

const fn = async (): Promise<never> => {
  throw new Error('down');
};

describe.each(Object.entries(named))('%s: policies that share a name', (_, make) => {
  const permanent: Classify = () => 'permanent';
  const recoverable: Classify = () => 'recoverable';

  test.each<[string, { classify?: Classify }, { classify?: Classify }]>([
    ['two judgements of their own', { classify: permanent }, { classify: recoverable }],
    ['a judgement of its own and the usual one', { classify: permanent }, {}],
  ])('must judge errors alike: %s', (__, one, other) => {
    const registry = world().registry as never;
    make({ name: 'api', registry, ...one })(fn);

    expect(() => make({ name: 'api', registry, ...other })(fn)).toThrow(
      expect.objectContaining({ code: 'ERR_NAME_TAKEN', policyName: 'api' }),
    );
  });

  test('share it where they do', () => {
    const registry = world().registry as never;
    make({ name: 'api', registry, classify: permanent })(fn);

    expect(() => make({ name: 'api', registry, classify: permanent })(fn)).not.toThrow();
  });
});
