import type { EventType, RegistryEvent } from './events.js';

interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

interface Runtime {
  process?: { getBuiltinModule?(name: string): { channel(name: string): Channel } | undefined };
}

/** One type of event. Asking whether anyone hears it costs two reads, so that silence is free. */
export class Topic<Type extends EventType = EventType> {
  readonly type: Type;
  /** Listeners of this type and of `'*'`. */
  listeners = 0;
  /** Whether the registry keeps these events for its explanations. */
  readonly kept: boolean;
  readonly #channel: Channel | undefined;
  readonly #publish: (event: RegistryEvent<Type>) => void;

  constructor(type: Type, publish: (event: RegistryEvent<Type>) => void, kept = false) {
    this.type = type;
    this.kept = kept;
    this.#publish = publish;
    const { process } = globalThis as Runtime;
    this.#channel = process?.getBuiltinModule?.('node:diagnostics_channel')?.channel(`holdfast:${type}`);
  }

  /** Whether anyone would hear an event. */
  get heard(): boolean {
    return this.listeners > 0 || this.#channel?.hasSubscribers === true;
  }

  /** Whether an event is to be made: somebody hears it, or the registry keeps it. */
  get wanted(): boolean {
    return this.kept || this.heard;
  }

  /** Hands the event to whoever hears it. */
  publish(event: RegistryEvent<Type>): void {
    if (this.listeners > 0) this.#publish(event);
    if (this.#channel?.hasSubscribers) this.#channel.publish(event);
  }
}
