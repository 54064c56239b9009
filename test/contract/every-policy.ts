import type { CommonOptions } from '../../src/engine/common-options.js';
import { compose, deadline, fallback, timeout } from '../../src/index.js';
import type { LoosePolicy } from './loose-policy.js';

/** What an option takes, so that the suite knows what it must refuse. */
export type Takes = 'number' | 'number or Infinity' | 'function' | 'text' | 'flag' | 'word' | 'number or function';

/** One policy, as the contract sees it. A new policy is one more row. */
export interface PolicyRow {
  readonly kind: string;
  /** Makes it so that a call that succeeds, and one that fails once, pass through unchanged. */
  readonly make: (options: object) => LoosePolicy;
  /** Whether it takes functions that give their value at once. */
  readonly serves: 'any' | 'async';
  /** Its own options, the common ones apart. */
  readonly options: Readonly<Record<string, Takes>>;
  /** A misspelt option, and the one that was meant; none where a policy takes no options. */
  readonly misspelt?: readonly [wrong: string, meant: string];
  /** How long a call may leave a timer behind, in ms. */
  readonly restMs?: number;
}

const loose = (policy: unknown): LoosePolicy => policy as LoosePolicy;

/** Each policy there is, made so that it changes nothing. */
export const everyPolicy: readonly PolicyRow[] = [
  {
    kind: 'timeout',
    make: (options) => loose(timeout({ ms: 1_000, ...options })),
    serves: 'async',
    options: { ms: 'number or function', grace: 'word' },
    misspelt: ['graces', 'grace'],
  },
  {
    kind: 'deadline',
    make: (options) => loose(deadline({ ms: 1_000, ...options })),
    serves: 'async',
    options: { ms: 'number or Infinity' },
    misspelt: ['mss', 'ms'],
  },
  {
    kind: 'fallback',
    make: (options) => loose(fallback(() => 'unused', { when: () => false, ...options })),
    serves: 'any',
    options: { when: 'function' },
    misspelt: ['wen', 'when'],
  },
  {
    kind: 'fallback.value',
    make: (options) => loose(fallback.value('unused', { when: () => false, ...options })),
    serves: 'any',
    options: { when: 'function' },
    misspelt: ['wen', 'when'],
  },
  {
    kind: 'fallback.catch',
    make: (options) => loose(fallback.catch(() => 'unused', { when: () => false, ...options })),
    serves: 'any',
    options: { when: 'function' },
    misspelt: ['wen', 'when'],
  },
  {
    kind: 'compose',
    make: (options) =>
      loose(compose(fallback.value('unused', { when: () => false, ...options }), timeout(options as CommonOptions))),
    serves: 'async',
    options: {},
  },
];
