import type { EventType, Registry, RegistryEvent } from './holdfast.js';

/** Listens to a registry: counts its events, and remembers why each breaker is where it is. */
export class Journal {
  readonly #registry: Registry;
  readonly #counts = new Map<EventType, number>();
  readonly #reasons = new Map<string, string>();

  constructor(registry: Registry) {
    this.#registry = registry;
    registry.on('*', this.#note);
  }

  /** How many events of a type there were. */
  count(type: EventType): number {
    return this.#counts.get(type) ?? 0;
  }

  /** Why the breaker of that name is in the state it is in; undefined while it has never left the first. */
  reasonOf(breaker: string): string | undefined {
    return this.#reasons.get(breaker);
  }

  close(): void {
    this.#registry.off('*', this.#note);
  }

  readonly #note = (event: RegistryEvent): void => {
    this.#counts.set(event.type, this.count(event.type) + 1);
    if (event.type === 'breaker:state') this.#reasons.set(event.name, event.reason);
  };
}
