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
  callId?: () => string | undefined,
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
      // What goes for space or age is another call's.
      const id = type === 'dropped' || type === 'expired' ? undefined : callId?.();
      const source = id === undefined ? { kind, name, site } : { kind, name, site, callId: id };
      registry.emit(`deadLetter:${type}`, source, details as never);
    },
  };
}
