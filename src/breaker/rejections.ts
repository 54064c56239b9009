import { CircuitOpenError, withoutStack } from '../base/errors.js';
import type { BreakerMachine } from './breaker-machine.js';
import type { CircuitGrounds } from '../base/rejection-grounds.js';
import type { BreakerSettings } from './breaker-settings.js';
import type { Ledger } from './ledger.js';
import type { Override } from './override.js';
import { grouped, plural } from '../base/wording.js';

/** The function that is called, or its name: reading a function's name costs more than a permit. */
export type Site = string | { readonly name: string };

export function nameOf(site: Site | undefined): string | undefined {
  return (typeof site === 'object' || typeof site === 'function' ? site.name : site) || undefined;
}

/** Makes the errors of calls that are not run. What their messages have in common is put together once for each opening. */
export class Rejections {
  readonly #settings: BreakerSettings;
  readonly #whose: string;
  readonly #ledger: Ledger;
  #grounds: CircuitGrounds | undefined = undefined;
  #openMessage = '';

  constructor(settings: BreakerSettings, key: string | undefined, ledger: Ledger) {
    this.#settings = settings;
    this.#ledger = ledger;
    this.#whose = key === undefined ? `'${settings.name}'` : `'${settings.name}' for '${key}'`;
  }

  /** While the circuit is open, or half-open with all probes out. */
  byMachine(machine: BreakerMachine, nowMs: number, site: Site | undefined): CircuitOpenError {
    if (machine.state === 'open') {
      // Rounded up: who comes back then is let through, and a `Retry-After` header takes it as it is.
      const leftMs = Math.ceil(machine.waitLeftMs(nowMs));
      const grounds = this.#openBecause(machine);
      return this.#make(`${this.#openMessage}${grouped(leftMs)} ms`, site, leftMs, grounds);
    }
    const probes = plural(machine.probesOut, 'probe');
    // When a probe will be through, nobody can know.
    return this.#make(`${this.#whose} is half-open and has ${probes} out already`, site, undefined);
  }

  /** While the breaker is isolated. */
  byOverride({ owner, reason }: Override, leftMs: number, site: Site | undefined): CircuitOpenError {
    const by = owner === null ? '' : ` by ${owner}`;
    const why = reason === null ? '' : ` (${reason})`;
    const message = `${this.#whose} is isolated${by}${why}`;
    if (leftMs === Infinity) return this.#make(message, site, undefined);
    return this.#make(`${message}; try again in ${grouped(leftMs)} ms`, site, leftMs);
  }

  #openBecause(machine: BreakerMachine): CircuitGrounds {
    const { openedAt = 0, openReason, consecutiveFailures } = machine;
    if (this.#grounds?.openedAt !== openedAt || this.#grounds.openReason !== openReason) {
      const waitMs = machine.waitLeftMs(openedAt);
      const { lastError } = this.#ledger;
      this.#grounds = Object.freeze({ openReason, openedAt, waitMs, consecutiveFailures, lastError });
      this.#openMessage = `${this.#whose} is open after ${openReason}; try again in `;
    }
    return this.#grounds;
  }

  #make(
    message: string,
    site: Site | undefined,
    retryAfterMs: number | undefined,
    grounds?: CircuitGrounds,
  ): CircuitOpenError {
    const { name, captureStack } = this.#settings;
    const source = { policy: 'circuitBreaker', policyName: name, site: nameOf(site), retryAfterMs, grounds };
    const make = () => new CircuitOpenError(message, source);
    return captureStack ? make() : withoutStack(make);
  }
}
