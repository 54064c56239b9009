import type { Callable } from './any-function.js';
import { Application } from './application.js';
import { Member } from './member.js';
import { Place } from './place.js';
import type { Spec } from './spec.js';
import { memberOf, originalOf, wrapperFor } from './wrapper.js';

/** The policies of one `protect` on one member, outermost first. */
export type Layer = readonly Application[];

/** A member of an object as it was found, and what can be wrapped of it. */
export interface Found {
  /** Of the object itself, or of what it inherits from. */
  readonly descriptor: PropertyDescriptor;
  /** Whether it is the object's own: what is inherited is shadowed, and uncovered again. */
  readonly isOwn: boolean;
  /** The method, the function it holds, or the getter. */
  readonly fn: Callable;
  readonly name: string;
}

/**
 * A member that is protected, once or several times. Each layer can be taken off at any time, whichever came first: what
 * is left is stacked anew, and its policies keep their state.
 */
export class ProtectedMember {
  readonly #target: object;
  readonly #key: PropertyKey;
  #found: Found;
  #place: Place;
  readonly #layers: Layer[] = [];
  // Policies whose layer was taken off: one that is put on again finds its state.
  readonly #idle = new Map<Spec, Application>();
  #installed: Callable | undefined = undefined;

  constructor(target: object, key: PropertyKey, found: Found) {
    this.#target = target;
    this.#key = key;
    this.#found = found;
    this.#place = placeOf(found) ?? Place.onObject(found.name);
  }

  /** Whether there are policies, and nobody else has replaced the member since. */
  get isInPlace(): boolean {
    const own = Object.getOwnPropertyDescriptor(this.#target, this.#key);
    const now: unknown = own?.get ?? own?.value;
    return this.#installed !== undefined && now === this.#installed;
  }

  /** Whether all layers have been taken off. */
  get isBare(): boolean {
    return this.#layers.length === 0;
  }

  /** Starts anew from what is on the object now. */
  startFrom(found: Found): void {
    this.#found = found;
    if (this.#place.name === found.name) return;
    this.#place = placeOf(found) ?? Place.onObject(found.name);
    this.#idle.clear();
  }

  /** Puts policies round those that are there. */
  add(specs: readonly Spec[]): Layer {
    const layer = specs.map((spec) => this.#take(spec));
    this.#layers.unshift(layer);
    try {
      this.#install();
    } catch (error) {
      this.#layers.shift();
      this.#keep(layer);
      throw error;
    }
    return layer;
  }

  /** Takes a layer off; what somebody else has put there since is left as it is. */
  remove(layer: Layer): void {
    const wasInPlace = this.isInPlace;
    this.#layers.splice(this.#layers.indexOf(layer), 1);
    this.#keep(layer);
    if (!wasInPlace) return;
    if (this.#layers.length > 0) this.#install();
    else this.#uncover();
  }

  #take(spec: Spec): Application {
    const kept = this.#idle.get(spec);
    this.#idle.delete(spec);
    return kept ?? new Application(spec);
  }

  #keep(layer: Layer): void {
    for (const application of layer) this.#idle.set(application.spec, application);
  }

  #install(): void {
    const { fn, descriptor } = this.#found;
    const applications = [...this.#layers.flat(), ...(memberOf(fn)?.applications ?? [])];
    this.#retire();
    const wrapper = wrapperFor(originalOf(fn), new Member(this.#place, applications), fn);
    this.#define({ ...descriptor, ...(descriptor.get === undefined ? { value: wrapper } : { get: wrapper }) });
    this.#installed = wrapper;
  }

  #uncover(): void {
    this.#retire();
    this.#installed = undefined;
    if (this.#found.isOwn) this.#define(this.#found.descriptor);
    else Reflect.deleteProperty(this.#target, this.#key);
  }

  /** What is no longer there is no longer advised on. */
  #retire(): void {
    const member = memberOf(this.#installed);
    if (member !== undefined) member.retired = true;
  }

  #define(descriptor: PropertyDescriptor): void {
    const done = Reflect.defineProperty(this.#target, this.#key, descriptor);
    if (!done) throw new TypeError(`protect cannot replace ${this.#found.name}: the object refuses it`);
  }
}

function placeOf({ fn }: Found): Place | undefined {
  return memberOf(fn)?.place;
}
