import { sameOptions } from './same-options.js';

/** What is set from outside: options for all parts of a kind, and for one part by its name. */
export interface ConfigurationSettings {
  /** Stands in for what code leaves out. */
  defaultsFor(kind: string): object | undefined;
  /** Goes before what code says; `false` switches a policy off. */
  namedFor(kind: string, name: string): object | false | undefined;
}

/** What a configuration says of one part. */
export interface ConfigurationLayers {
  /** Stands in for what code leaves out. */
  readonly under: object;
  /** Goes before what code says; `false` switches a policy off. */
  readonly over: object | false;
}

/** A part that could not take what a configuration says of it, and goes on as it was. */
export interface ConfigurationRefusal {
  /** The part's kind, such as `'circuitBreaker'`. */
  kind: string;
  /** The part's name. */
  name: string;
  /** The options that would have been other ones; none where the whole was refused. */
  options: readonly string[];
  reason: string;
}

/** What takes new options while the program runs. */
export interface Configurable {
  /**
   * Takes options for all that begins from now on.
   * @throws {Error} when it cannot, with the reason; then it is as it was
   */
  reconfigure?(options: object): void;
}

/** What looks again, after a change, at what is said of it. */
interface Renewable {
  renew(): void;
}

interface Served {
  readonly kind: string;
  readonly given: object;
  options: object;
}

/**
 * What a registry's policies and services are told from outside, such as by a file. A part reads it when it is made; one
 * that is there already is asked to take what has changed.
 */
export class Configuration {
  /** How often it was changed; 0 when nothing was ever set. */
  version = 0;
  #settings: ConfigurationSettings | undefined = undefined;
  #refusals: ConfigurationRefusal[] | undefined = undefined;
  readonly #members: () => Iterable<Renewable>;
  readonly #late: (refusal: ConfigurationRefusal) => void;
  // Held weakly: to be configured is no reason to stay.
  readonly #services: Set<WeakRef<object>> = new Set();
  #roomUntilSwept = 64;
  readonly #served: WeakMap<object, Served> = new WeakMap();

  /**
   * @param members What bears policies, and is there already.
   * @param late Is told of a refusal that comes after the change, from a part that was made later.
   */
  constructor(members: () => Iterable<Renewable>, late: (refusal: ConfigurationRefusal) => void) {
    this.#members = members;
    this.#late = late;
  }

  /** What is set now. */
  get settings(): ConfigurationSettings | undefined {
    return this.#settings;
  }

  /** What is said of a part; undefined where nothing is. */
  layersFor(kind: string, name: string): ConfigurationLayers | undefined {
    const under = this.#settings?.defaultsFor(kind);
    const over = this.#settings?.namedFor(kind, name);
    return under === undefined && over === undefined ? undefined : { under: under ?? {}, over: over ?? {} };
  }

  /**
   * Gives the options of a service with what is said of its kind and name, and from now on those that change.
   * @example this.options = check(registry.configuration.serve(this, 'sendBuffer', given));
   */
  serve<Options extends object>(service: object, kind: string, given: Options): Options {
    const options = this.fill(kind, given);
    this.#served.set(service, { kind, given, options });
    if (this.#services.size >= this.#roomUntilSwept) this.#sweep();
    this.#services.add(new WeakRef(service));
    return options;
  }

  /** The same for what is made, used and forgotten. */
  fill<Options extends object>(kind: string, given: Options): Options {
    const { name } = given as { name?: unknown };
    const layers = this.layersFor(kind, typeof name === 'string' ? name : '');
    if (layers === undefined) return given;
    return mergedLayers([layers.under, given, layers.over || {}]) as Options;
  }

  /** Lets go of a service that has ended: what changes is no affair of its any more. */
  unserve(service: object): void {
    this.#served.delete(service);
  }

  /** Sets it anew, all of it, and lets what is there take it; gives what was refused. */
  apply(settings: ConfigurationSettings): ConfigurationRefusal[] {
    const refusals: ConfigurationRefusal[] = [];
    const outer = this.#refusals;
    this.#settings = settings;
    const version = ++this.version;
    this.#refusals = refusals;
    try {
      this.#renewAll();
      // A listener has applied another one meanwhile, and has its refusals: what was half-way through an older one follows.
      this.#refusals = [];
      if (this.version !== version) this.#renewAll();
    } finally {
      this.#refusals = outer;
    }
    return refusals;
  }

  /** Notes that a part goes on as it was. */
  refuse(refusal: ConfigurationRefusal): void {
    if (this.#refusals === undefined) this.#late(refusal);
    else this.#refusals.push(refusal);
  }

  /** The gone ones go each time that the number has doubled: to look through all for each new one would be quadratic. */
  #sweep(): void {
    for (const held of this.#services) if (held.deref() === undefined) this.#services.delete(held);
    this.#roomUntilSwept = Math.max(64, 2 * this.#services.size);
  }

  #renewAll(): void {
    for (const member of this.#members()) member.renew();
    for (const held of this.#services) this.#renew(held.deref());
  }

  #renew(service: object | undefined): void {
    const served = service && this.#served.get(service);
    if (service === undefined || served === undefined) return;
    const options = this.fill(served.kind, served.given);
    const changed = changedOptions(served.options, options);
    if (changed.length === 0) return;
    try {
      const { reconfigure } = service as Configurable;
      if (reconfigure === undefined) throw new Error(UNCHANGEABLE);
      reconfigure.call(service, options);
      served.options = options;
    } catch (error) {
      const { name = served.kind } = served.given as { name?: string };
      this.refuse({ kind: served.kind, name, options: changed, reason: reasonOf(error) });
    }
  }
}

/**
 * Options of which the later go before the earlier; what is `undefined` is not given.
 * @param alternatives Groups of options that say the same in other ways: one that is used puts the others below aside.
 */
export function mergedLayers(
  layers: readonly object[],
  alternatives: readonly (readonly string[])[] = [],
): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const layer of layers) {
    const given = Object.fromEntries(Object.entries(layer).filter(([, value]) => value !== undefined));
    const says = (group: readonly string[]) => group.some((name) => Object.hasOwn(given, name));
    const aside = alternatives.some(says) ? alternatives.filter((group) => !says(group)).flat() : [];
    for (const name of aside) delete merged[name];
    Object.assign(merged, given);
  }
  return merged;
}

/** The names of the options in which two sets differ. */
export function changedOptions(before: object, after: object): string[] {
  const [left, right] = [before, after] as [Record<string, unknown>, Record<string, unknown>];
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].filter((name) => !sameOptions(left[name], right[name])).sort();
}

/** Why a part that cannot be changed while it runs is not. */
export const UNCHANGEABLE =
  'it keeps a state that cannot take other options while it runs; they hold from the next start on';

/** An error in words. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
