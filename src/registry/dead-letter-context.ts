import type { Classify } from '../base/severity.js';
import type { DeadLetterContext } from '../dead-letter/dead-letter-options.js';
import { runsOf } from '../retry/attempts.js';
import type { Registry } from './registry.js';

/** What a dead-letter queue of a registry takes from it: time, chance, and a place for its events. */
export function deadLetterContext(
  registry: Registry,
  kind: string,
  name: string,
  classify?: Classify,
): DeadLetterContext {
  const { clock, random } = registry;
  return {
    name,
    clock,
    random,
    classify,
    attemptsOf: runsOf,
    onEvent({ type, ...details }) {
      const site = 'site' in details ? details.site : name;
      registry.emit(`deadLetter:${type}`, { kind, name, site }, details as never);
    },
  };
}
