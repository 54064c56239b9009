import { oneOf } from '../base/option-rules.js';
import { checkOptions, type Given, type OptionRules, show } from '../base/options.js';
import type { DeadLetterEntry } from './dead-letter-entry.js';
import type { Origin } from './origin.js';
import type { RedrivePlan } from './redrive.js';
import type { Runner } from './runner.js';
import { safeCopy } from './safe-copy.js';

/** Runs the function of a site: on the `this` of the failed call, where it had one, with the arguments of the entry. */
export type SiteRun = (self: unknown, args: unknown[]) => unknown;

/** How a function is bound to its site. */
export interface BindOptions {
  /** Whether an entry can be run when the `this` of its call has gone; `'ignored'` for a function that needs none. @default 'needed' */
  self?: 'needed' | 'ignored';
}

const bindRules: OptionRules<BindOptions> = { self: oneOf(['needed', 'ignored'], { default: 'needed' }) };

/** A function that bears the name of a site; held weakly, for it may be one of many that come and go. */
interface Seen {
  readonly fn: WeakRef<object>;
  readonly run: Runner['run'];
  /** Whether there was another of this name at the same time. */
  readonly shared: boolean;
}

/** Which function an entry is run by. */
export class Bindings {
  readonly #given = new Map<string, { run: SiteRun; self: 'needed' | 'ignored' }>();
  readonly #seen = new Map<string, Seen>();

  /** The function of a site, by the user's own word: it goes before any other. */
  bind(site: string, run: SiteRun, options: Given<BindOptions> = {}): void {
    if (typeof site !== 'string' || site === '') throw new TypeError(`bind: \`site\` takes a text, got ${show(site)}`);
    if (typeof run !== 'function') throw new TypeError(`bind: \`run\` takes a function, got ${show(run)}`);
    const { self = 'needed' } = checkOptions('bind', bindRules, options);
    this.#given.set(site, { run, self });
  }

  /** A function that was met under the name of a site: the one for entries of earlier processes, while there is no other. */
  see(site: string, { fn, run }: Runner): void {
    const before = this.#seen.get(site);
    const other = before?.fn.deref();
    const shared = before?.shared === true || (other !== undefined && other !== fn);
    this.#seen.set(site, { fn: new WeakRef(fn), run, shared });
  }

  /** What can be done with an entry now; `origin` is what its call was made by, unless that was in another process. */
  planFor(entry: DeadLetterEntry, origin: Origin | undefined): RedrivePlan {
    const { site, argsError } = entry;
    const given = this.#given.get(site);
    const isTold = origin?.tellsFunction ?? false;
    const run = given?.run ?? (isTold ? origin?.run : this.#onlySeen(site));
    if (origin?.lostOwner && given?.self !== 'ignored' && (isTold || run !== undefined)) {
      return { obstacle: 'skipped', why: 'the object it was called on has gone' };
    }
    if (run === undefined) return { obstacle: 'unbound', why: this.#whyNone(site) };
    if (argsError !== undefined) return { obstacle: 'skipped', why: `its arguments could not be kept: ${argsError}` };
    // A copy: the function may change what it gets, and fail again.
    return { run: () => run(origin?.owner, safeCopy(entry.args, 'args').value) };
  }

  #onlySeen(site: string): SiteRun | undefined {
    const { fn, run, shared } = this.#seen.get(site) ?? {};
    const only = shared === false ? fn?.deref() : undefined;
    return only && run && ((self, args) => run(only, self, args));
  }

  #whyNone(site: string): string {
    const what = this.#seen.get(site)?.shared ? 'is the name of several functions' : 'has no function';
    return `'${site}' ${what}; give it one with bind()`;
  }
}
