import type { Classify } from '../base/severity.js';
import type { EventDetails, EventType } from '../registry/events.js';
import type { Registry } from '../registry/registry.js';
import type { Topic } from '../registry/topic.js';
import type { Place } from './place.js';
import type { StageCall } from './stage.js';

/** What a policy knows of the one place that it is being applied to. */
export class Site {
  /** The policy's kind. */
  readonly kind: string;
  readonly registry: Registry;
  readonly classify: Classify;
  readonly #place: Place;
  readonly #givenName: string | undefined;
  #partName: string | undefined = undefined;

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

  /** How the policy's part asks for its name in the registry: the user's own, or one made from the site. */
  get request(): { given: string } | { made: string } {
    return this.#givenName === undefined ? { made: this.name } : { given: this.#givenName };
  }

  /** The name of the policy's part in the registry; the site's own until there is one. */
  get partName(): string {
    return this.#partName ?? this.#givenName ?? this.name;
  }

  set partName(name: string) {
    this.#partName = name;
  }

  /** One type of event, to ask whether anyone hears it before its payload is made. */
  topic<Type extends EventType>(type: Type): Topic<Type> {
    return this.registry.topic(type);
  }

  /** Publishes an event of this policy at this site, if anyone hears it. */
  emit<Type extends EventType>(type: Type, details: EventDetails[Type], call?: StageCall): void {
    if (!this.registry.topic(type).heard) return;
    const { kind, partName: name, name: site } = this;
    const source = call === undefined ? { kind, name, site } : { kind, name, site, callId: call.callId };
    this.registry.emit(type, source, details);
  }
}
