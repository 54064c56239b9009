import { chainOf, membersOn } from '../../engine/members-on.js';

/** A method, static or getter that bears policies. */
export interface DecoratedMember {
  /** Such as `'QuotesService.price'`. */
  readonly name: string;
  /** The kinds of its policies, outermost first. */
  readonly policies: readonly string[];
}

/** What is read of a provider or controller, as NestJS keeps it. */
interface Provided {
  readonly metatype: unknown;
  readonly instance: unknown;
  /** What a factory is given; nothing for a class. */
  readonly inject?: unknown;
}

/** What is read of a module of NestJS. */
export interface ScannedModule {
  readonly providers: ReadonlyMap<unknown, Provided>;
  readonly controllers: ReadonlyMap<unknown, Provided>;
  readonly injectables: ReadonlyMap<unknown, Provided>;
}

/**
 * Finds every member of an application that bears policies, and makes its parts in the registry, so that they are there
 * before the first call. Classes are looked at, not instances: request-scoped ones have none yet.
 */
export function decoratedMembers(modules: Iterable<ScannedModule>): DecoratedMember[] {
  const owners = new Set<object>();
  for (const { providers, controllers, injectables } of modules) {
    for (const provided of [...providers.values(), ...controllers.values(), ...injectables.values()]) {
      for (const start of startsOf(provided)) for (const owner of chainOf(start)) owners.add(owner);
    }
  }
  return [...owners].flatMap(described).sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** The prototype and the class of what is provided; of what a factory has made, or was given as a value, its prototype. */
function startsOf({ metatype, instance, inject }: Provided): object[] {
  const isClass = typeof metatype === 'function' && inject === undefined;
  if (isClass) return [metatype.prototype as object | undefined, metatype].filter((start) => start !== undefined);
  if (typeof instance !== 'object' || instance === null) return [];
  return [Object.getPrototypeOf(instance) as object | null].filter((start) => start !== null);
}

function described(owner: object): DecoratedMember[] {
  return membersOn(owner).map(({ place, specs }) => ({ name: place.name, policies: specs.map(({ kind }) => kind) }));
}
