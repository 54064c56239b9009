import { checkOptions, type OptionRules, show } from '../base/options.js';
import { oneOf } from '../base/option-rules.js';
import type { DeadLetterEntry } from './dead-letter-entry.js';
import type { RedrivePlan } from './redrive.js';
import { safeCopy } from './safe-copy.js';

/** Runs the function of a site: on the `this` of the failed call, where it had one, with the arguments of the entry. */
export type SiteRun = (self: unknown, args: unknown[]) => unknown;

/** How a function is bound to its site. */
export interface BindOptions {
  /** Whether an entry can be run when the `this` of its call has gone; `'ignored'` for a function that needs none. @default 'needed' */
  self?: 'needed' | 'ignored';
}

const bindRules: OptionRules<BindOptions> = { self: oneOf(['needed', 'ignored'], { default: 'needed' }) };

/** Which function belongs to which site. */
export class Bindings {
  readonly #bySite = new Map<string, { run: SiteRun; self: 'needed' | 'ignored' }>();

  bind(site: string, run: SiteRun, options: BindOptions = {}): void {
    if (typeof site !== 'string' || site === '') throw new TypeError(`bind: \`site\` takes a text, got ${show(site)}`);
    if (typeof run !== 'function') throw new TypeError(`bind: \`run\` takes a function, got ${show(run)}`);
    const { self = 'needed' } = checkOptions('bind', bindRules, options);
    this.#bySite.set(site, { run, self });
  }

  /** What can be done with an entry now; `held` is the `this` of its call, where it had one. */
  planFor(entry: DeadLetterEntry, held: WeakRef<object> | undefined): RedrivePlan {
    const { site, argsError } = entry;
    const binding = this.#bySite.get(site);
    if (binding === undefined)
      return { obstacle: 'unbound', why: `'${site}' has no function; give it one with bind()` };
    if (argsError !== undefined) return { obstacle: 'skipped', why: `its arguments could not be kept: ${argsError}` };
    const owner = held?.deref();
    if (held !== undefined && owner === undefined && binding.self === 'needed') {
      return { obstacle: 'skipped', why: 'the object it was called on has gone' };
    }
    // A copy: the function may change what it gets, and fail again.
    return { run: () => binding.run(owner, safeCopy(entry.args, 'args').value) };
  }
}
