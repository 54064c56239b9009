import type { Series } from '../metrics/series.js';

// Node has no such symbol. Compilers look for it when a class is made, so it must be there before.
const symbols = Symbol as { metadata?: symbol };
symbols.metadata ??= Symbol.for('Symbol.metadata');
const METADATA = symbols.metadata;

/** What is needed to find the name of a member once the class is there. */
export interface MemberKey {
  readonly key: PropertyKey;
  readonly isPrivate: boolean;
  /** What the decorators of one class share, and the class bears once it is there; not in legacy mode. */
  readonly metadata: object | undefined;
  /** Whether a function found on a class is the member's own wrapper. */
  owns: (candidate: unknown) => boolean;
}

/**
 * Where policies are applied: a function, or a member of a class. A decorator does not know its class, so the name of a
 * member is found at the first call, by walking from `this` to the class that declares it.
 */
export class Place {
  /** Where its calls are timed, once a policy does so. */
  timing: Series | undefined = undefined;
  #name: string | undefined;
  readonly #member: MemberKey | undefined;
  /** Whether what stands here is called on an object or class. */
  readonly isMember: boolean;

  private constructor(name: string | undefined, isMember: boolean, member?: MemberKey) {
    this.#name = name;
    this.isMember = isMember;
    this.#member = member;
  }

  /** A function, whose name is known at once. */
  static named(name: string): Place {
    return new Place(name === '' ? 'anonymous' : name, false);
  }

  /** A member of an object that is there, and is called by this name. */
  static onObject(name: string): Place {
    return new Place(name, true);
  }

  /** A member of a class that is not there yet. */
  static ofMember(member: MemberKey): Place {
    return new Place(undefined, true, member);
  }

  /** The name; until it has been found, the key alone. */
  get name(): string {
    return this.#name ?? keyText(this.#member?.key ?? '');
  }

  /** Whether the name has been found. */
  get known(): boolean {
    return this.#name !== undefined;
  }

  /** Finds the name, from an instance, a prototype or a class. */
  find(self: unknown): void {
    if (this.#name !== undefined || this.#member === undefined) return;
    const { key, isPrivate, metadata, owns } = this.#member;
    if (self === undefined || self === null) return;
    const owner = bearing(Object(self), metadata) ?? (isPrivate ? undefined : declaring(Object(self), key, owns));
    const text = keyText(key);
    const className = classNameOf(owner ?? Object(self));
    this.#name = className === '' ? text : typeof key === 'symbol' ? `${className}${text}` : `${className}.${text}`;
  }
}

/** The prototype or class that the metadata belongs to. */
function bearing(start: object, metadata: object | undefined): object | undefined {
  if (metadata === undefined) return undefined;
  for (let owner: object | null = start; owner !== null; owner = Object.getPrototypeOf(owner) as object | null) {
    const candidate: unknown = typeof owner === 'function' ? owner : owner.constructor;
    if (typeof candidate !== 'function') continue;
    if (Object.getOwnPropertyDescriptor(candidate, METADATA)?.value === metadata) return candidate;
  }
  return undefined;
}

/** The prototype or class that bears the member's wrapper, or at least a member of that name. */
function declaring(start: object, key: PropertyKey, owns: (candidate: unknown) => boolean): object | undefined {
  let named: object | undefined;
  for (let owner: object | null = start; owner !== null; owner = Object.getPrototypeOf(owner) as object | null) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, key);
    if (descriptor === undefined) continue;
    if (owns(descriptor.value) || owns(descriptor.get)) return owner;
    named ??= owner;
  }
  return named;
}

function classNameOf(owner: object): string {
  if (typeof owner === 'function') return owner.name;
  const { constructor } = owner;
  return typeof constructor === 'function' ? constructor.name : '';
}

function keyText(key: PropertyKey): string {
  return typeof key === 'symbol' ? `[${key.description ?? ''}]` : String(key);
}
