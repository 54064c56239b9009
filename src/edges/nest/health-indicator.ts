import { anything, oneOf } from '../../base/option-rules.js';
import { checkOptions, type OptionRules } from '../../base/options.js';
import type { BreakerState } from '../../breaker/breaker-events.js';
import type { Registry } from '../../registry/registry.js';

/** What the health of an application hangs on. */
export interface HealthIndicatorOptions {
  /** The names of the breakers that count. @default all */
  breakers?: readonly string[];
  /** What an open or isolated breaker makes of the status. @default 'down' */
  whenOpen?: 'down' | 'degraded';
}

/** A result as `@nestjs/terminus` takes it. */
export type HealthResult<Key extends string = string> = Record<
  Key,
  {
    status: 'up' | 'degraded' | 'down';
    /** The state of each breaker that counts, by name. */
    breakers: Record<string, BreakerState>;
    /** Why it is not up. */
    message?: string;
  }
>;

const healthRules: OptionRules<HealthIndicatorOptions> = {
  breakers: { ...anything<readonly string[]>(), takes: 'an array of names', type: Array.isArray },
  whenOpen: oneOf(['down', 'degraded'], { default: 'down' }),
};

/** Tells the health of an application by its breakers. */
export class HoldfastHealthIndicator {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /**
   * The status under a key: `down` while a breaker is open or isolated, or the registry is closed.
   * @throws {TypeError | RangeError} for options that are not as they should be
   * @example health.check([() => holdfast.check('holdfast', { breakers: ['quotes-api'] })]);
   */
  check<Key extends string = 'holdfast'>(
    key: Key = 'holdfast' as Key,
    options: HealthIndicatorOptions = {},
  ): HealthResult<Key> {
    const { breakers: names, whenOpen = 'down' } = checkOptions('HoldfastHealthIndicator', healthRules, options);
    const counting = [...this.#registry.breakers].filter(([name]) => names?.includes(name) ?? true);
    const breakers = Object.fromEntries(counting.map(([name, { state }]) => [name, state]));
    const broken = counting.filter(([, { state }]) => state === 'open' || state === 'isolated').map(([name]) => name);
    const result = (status: 'up' | 'degraded' | 'down', message?: string): HealthResult<Key> =>
      ({ [key]: { status, breakers, ...(message === undefined ? {} : { message }) } }) as HealthResult<Key>;
    const { closed, closing } = this.#registry;
    if (closing) return result('down', `the registry is ${closed ? 'closed' : 'closing'}`);
    return broken.length === 0 ? result('up') : result(whenOpen, `not closed: ${broken.join(', ')}`);
  }
}
