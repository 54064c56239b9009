import { callback, having } from '../base/option-rules.js';
import { checkOptions, type OptionRules, show } from '../base/options.js';
import type { Classify } from '../base/severity.js';
import type { Collection, Entry } from './collection.js';
import { registry as shared } from './default-registry.js';
import type { Registry } from './registry.js';

/** Where a service stands that judges no errors. */
export interface PlaceOptions {
  /** Where it is seen, and where its time comes from. @default the shared `registry` where there is a `name`; none without */
  registry?: Registry;
}

/** What every service takes that can stand in a registry. */
export interface ServiceOptions {
  /** Where it is seen, and where its time comes from. @default the shared `registry` where there is a `name`; none without */
  registry?: Registry;
  /** Decides how bad an error is. @default the toolkit's `classify` */
  classify?: Classify;
}

const placeRules: OptionRules<PlaceOptions> = {
  registry: having('a Registry', ['snapshot', 'topic', 'emit', 'close']),
};
const classifyRule = { classify: callback<Classify>() };

/** What a service takes, parted into what is its own and what its place is found by. */
export interface ServiceParts<Own> {
  readonly own: Own;
  readonly registry: Registry | undefined;
  readonly classify: Classify | undefined;
}

/**
 * Finds the registry of a service: the one it was given, or the shared one if it bears a name, or none.
 * @throws {TypeError} for options that are no object, and for a registry that is none
 */
export function placeParts<Own extends { name?: string }>(
  kind: string,
  given: Own & PlaceOptions,
): Omit<ServiceParts<Own>, 'classify'> {
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(`${kind} takes its options as one object, got ${show(given)}`);
  }
  const { registry, ...own } = given;
  const checked = checkOptions<PlaceOptions>(kind, placeRules, { registry } as PlaceOptions);
  const home = checked.registry ?? (given.name === undefined ? undefined : shared);
  return { own: own as unknown as Own, registry: home };
}

/**
 * The same for a service that judges errors.
 * @throws {TypeError} for options that are no object, a registry or a `classify` that is none
 */
export function serviceParts<Own extends { name?: string }>(
  kind: string,
  given: Own & ServiceOptions,
): ServiceParts<Own> {
  const { own, registry } = placeParts<Own & Pick<ServiceOptions, 'classify'>>(kind, given);
  const { classify, ...rest } = own;
  checkOptions<Pick<ServiceOptions, 'classify'>>(kind, classifyRule, { classify } as Pick<ServiceOptions, 'classify'>);
  return { own: rest as unknown as Own, registry, classify };
}

/** A service under its name in a collection of its registry, for as long as it is open. */
export class ServicePlace<Item extends Entry> {
  readonly #registry: Registry;
  readonly #collection: Collection<Item>;
  readonly #name: string;

  constructor(registry: Registry, collection: Collection<Item>, name: string) {
    this.#registry = registry;
    this.#collection = collection;
    this.#name = name;
  }

  /**
   * Puts the service where it is seen; one that comes to a closed registry is closed at once.
   * @throws {NameTakenError} when the name is taken
   */
  enter(kind: string, entry: Item): void {
    this.#collection.add({ kind, name: this.#name, entry });
    if (this.#registry.closed) void entry.close?.();
  }

  /** Takes a service that was closed out of sight. What was there when the registry itself was closed stays to be looked at. */
  leave(entry: Item): void {
    if (!this.#registry.closed && this.#collection.get(this.#name) === entry) this.#collection.forget(this.#name);
  }
}
