import { classify as defaultClassify } from '../base/classify.js';
import { RejectedError } from '../base/errors.js';
import { isObject } from '../base/is-object.js';
import type { Classify, Severity } from '../base/severity.js';
import type { EventDetails, EventType } from '../registry/events.js';
import type { Registry } from '../registry/registry.js';
import type { Topic } from '../registry/topic.js';
import type { Collection, Entry } from '../registry/collection.js';
import type { Series } from '../metrics/series.js';
import type { CountKind } from '../metrics/counts.js';
import type { Place } from './place.js';
import { type EndedCall, Refused, type StageCall } from './stage.js';

/** The collections that policies keep their parts in. */
type CollectionTitle = 'breakers' | 'caches' | 'deadLetters' | 'metrics' | 'limiters' | 'buffers' | 'extensions';

/** What a collection holds. */
type EntryOf<Title extends CollectionTitle> = Registry[Title] extends Collection<infer Item> ? Item : never;

const alarmed = new WeakSet<object>();

/** What a policy knows of the one place that it is being applied to. */
export class Site {
  /** The policy's kind. */
  readonly kind: string;
  readonly registry: Registry;
  readonly classify: Classify;
  /** The options it goes by here, once it is bound; `false` where the configuration has switched it off. */
  options: object | false | undefined = undefined;
  /** The options of the code, once it is bound. */
  code: object | undefined = undefined;
  /** The options it is being bound with. */
  binding: object = {};
  /** The version of the configuration that the options come of; 0 where they are those of the code, whatever it says. */
  version = 0;
  readonly #place: Place;
  readonly #givenName: string | undefined;
  #partName: string | undefined = undefined;
  #part: Entry | undefined = undefined;

  constructor(kind: string, registry: Registry, classify: Classify, place: Place, givenName: string | undefined) {
    this.kind = kind;
    this.registry = registry;
    this.classify = classify;
    this.#place = place;
    this.#givenName = givenName;
  }

  /** The function or method, such as `'Quotes.price'`. */
  get name(): string {
    return this.#place.name;
  }

  /** What the configuration knows it by: the name that the user has given, or else the function or method. */
  get ownName(): string {
    return this.#givenName ?? this.name;
  }

  /** Whether it is a member of an object or class, which is called on that. */
  get isMember(): boolean {
    return this.#place.isMember;
  }

  /** The name of the policy's part in the registry; the site's own until there is one. */
  get partName(): string {
    return this.#partName ?? this.#givenName ?? this.name;
  }

  /**
   * Gives the policy's part at this site, from one of the registry's collections: the one of the user's name, which all
   * who give it share, or one of its own.
   * @throws {NameTakenError} when the name is taken by another kind, or with other options
   */
  obtain<Title extends CollectionTitle, Item extends EntryOf<Title>>(
    title: Title,
    options: object,
    make: (name: string) => Item,
  ): Item {
    const { name: _name, ...own } = {
      ...(options as { name?: string }),
      // Each copy of the package has a default of its own: they must not be kept apart by it.
      ...(this.classify !== defaultClassify && { classify: this.classify }),
    };
    const makeNamed = (name: string): Item => {
      this.#partName = name;
      return make(name);
    };
    const known = this.#partName ?? this.#givenName;
    const name = known === undefined ? { made: this.name } : { given: known };
    const collection = this.registry[title] as unknown as Collection<Item>;
    const part = collection.obtain({
      kind: this.kind,
      name,
      options: own,
      make: makeNamed,
      version: this.version,
      code: this.#codeOf(own),
      held: this.#part,
    });
    this.#part = part;
    return part;
  }

  /** What the code says of a part's options: what the policy keeps from its part, such as how keys are made, is no matter. */
  #codeOf(own: object): object | undefined {
    const { code, binding } = this;
    if (code === undefined) return undefined;
    const said = Object.entries(code).filter(([name]) => name in own || !(name in binding));
    const added = Object.entries(own).filter(([name]) => !(name in code) && !(name in binding));
    return Object.fromEntries([...said, ...added]);
  }

  /** Lets a rejection be heard of on its way to the caller. */
  telling<Given extends readonly unknown[], Permit>(admit: (...given: Given) => Permit): (...given: Given) => Permit {
    const rejected = this.registry.topic('call:rejected');
    return (...given) => {
      try {
        return admit(...given);
      } catch (error) {
        if (rejected.wanted && error instanceof RejectedError) this.rejected(error, given[0] as StageCall | undefined);
        throw error;
      }
    };
  }

  /** Tells of an error with which a call was not let in after all, if it is a rejection, and throws it. */
  refuse(error: unknown, call: StageCall): never {
    if (error instanceof RejectedError) this.rejected(error, call);
    throw error;
  }

  /** Lets a call be explained by the error that it ends with, where no event bears both. */
  explains(error: unknown, call: EndedCall): void {
    this.registry.link(error, call.callId);
  }

  /** Tells of a rejection, and gives what `admit` returns for it. */
  turnAway(error: RejectedError, call: EndedCall | undefined): Refused {
    this.rejected(error, call);
    return new Refused(error);
  }

  /** Tells of a rejection. */
  rejected(error: RejectedError, call?: EndedCall): void {
    const { code, message: reason, retryAfterMs } = error;
    this.emit('call:rejected', { code, reason, retryAfterMs, error }, call);
  }

  /** Tells of an error that calls for a person, once, whichever policies it passes. */
  alarm(error: unknown, call?: EndedCall): void {
    if (!this.registry.topic('error:critical').wanted || this.severityOf(error) !== 'critical') return;
    if (isObject(error)) {
      if (alarmed.has(error)) return;
      alarmed.add(error);
    }
    this.emit('error:critical', { error }, call);
  }

  /**
   * How bad an error is, for who tells of it and decides nothing by it: undefined where `classify` throws, which whoever
   * decides by it is told.
   */
  severityOf(error: unknown): Severity | undefined {
    try {
      return this.classify(error);
    } catch {
      return undefined;
    }
  }

  /** Counts what a policy did for this site, in the registry's collector of calls. */
  count(kind: CountKind): void {
    const { calls, clock } = this.registry;
    calls.series(this.name).count(kind, clock.now());
  }

  /** Says that calls of this place are timed, so that other policies of it can count there what they do. */
  times(series: Series): void {
    this.#place.timing = series;
  }

  /** Where the calls of this place are timed; undefined where they are not. */
  get timing(): Series | undefined {
    return this.#place.timing;
  }

  /** One type of event, to ask whether anyone hears it before its payload is made. */
  topic<Type extends EventType>(type: Type): Topic<Type> {
    return this.registry.topic(type);
  }

  /** Tells of an event of this policy at this site: to who hears it, and to the explanations if it is a decision. */
  emit<Type extends EventType>(type: Type, details: EventDetails[Type], call?: EndedCall): void {
    if (!this.registry.topic(type).wanted) return;
    const { kind, partName: name, name: site } = this;
    const source = call === undefined ? { kind, name, site } : { kind, name, site, callId: call.callId };
    this.registry.emit(type, source, details);
  }
}
