import { EventEmitter } from 'eventemitter3';
import type { EventBase, EventListener, EventType, RegistryEvent } from './events.js';
import { Topic } from './topic.js';

/** Every type, or all of them. */
export type Heard = EventType | '*';

// A listener as the emitter holds it: guarded, so that what it throws goes nowhere else.
type Guarded = (event: RegistryEvent) => void;

/** Who listens to what. A listener that throws, or whose promise rejects, harms nobody. */
export class EventHub {
  readonly #emitter = new EventEmitter();
  readonly #topics = new Map<string, Topic>();
  readonly #guarded = new WeakMap<EventListener, Guarded>();
  // Types that somebody listens to once: their listeners go with the next event.
  readonly #fleeting = new Set<Heard>();
  readonly #onFailure: (error: unknown, event: RegistryEvent) => void;
  readonly #kept: ReadonlySet<EventType>;

  /** @param kept Types that are wanted even where nobody listens. */
  constructor(onFailure: (error: unknown, event: RegistryEvent) => void, kept: ReadonlySet<EventType> = new Set()) {
    this.#onFailure = onFailure;
    this.#kept = kept;
  }

  topic<Type extends EventType>(type: Type): Topic<Type> {
    const known = this.#topics.get(type);
    if (known !== undefined) return known as unknown as Topic<Type>;
    const publish = (event: RegistryEvent<Type>) => this.#publish(event as EventBase & { type: EventType });
    const topic = new Topic<Type>(type, publish, this.#kept.has(type));
    topic.listeners = this.#emitter.listenerCount(type) + this.#emitter.listenerCount('*');
    this.#topics.set(type, topic as unknown as Topic);
    return topic;
  }

  on(type: Heard, listener: EventListener): void {
    this.#emitter.on(type, this.#guard(listener));
    this.#recount();
  }

  once(type: Heard, listener: EventListener): void {
    this.#emitter.once(type, this.#guard(listener));
    this.#fleeting.add(type);
    this.#recount();
  }

  off(type: Heard, listener: EventListener): void {
    this.#emitter.off(type, this.#guard(listener));
    this.#recount();
  }

  clear(): void {
    this.#emitter.removeAllListeners();
    this.#recount();
  }

  #publish(event: EventBase & { type: EventType }): void {
    // Taken before: a listener may listen once more.
    const fleeting =
      this.#fleeting.size > 0 && [event.type, '*' as const].filter((type) => this.#fleeting.delete(type));
    this.#emitter.emit(event.type, event);
    this.#emitter.emit('*', event);
    if (fleeting && fleeting.length > 0) this.#recount();
  }

  #recount(): void {
    const all = this.#emitter.listenerCount('*');
    for (const [type, topic] of this.#topics) topic.listeners = this.#emitter.listenerCount(type) + all;
  }

  #guard(listener: EventListener): Guarded {
    let guarded = this.#guarded.get(listener);
    if (guarded === undefined) {
      guarded = (event) => {
        const failed = (error: unknown) => this.#onFailure(error, event);
        try {
          const answer: unknown = listener(event);
          if (answer instanceof Promise) answer.catch(failed);
        } catch (error) {
          failed(error);
        }
      };
      this.#guarded.set(listener, guarded);
    }
    return guarded;
  }
}
