import { ManualClock } from '../../src/edges/testing/index.js';
import { type EventType, Registry, type RegistryEvent, SendBuffer, type SendBufferOptions } from '../../src/index.js';

/** A dependency that can be told what to do with the next sends. */
export class Upstream {
  readonly sent: number[] = [];
  readonly tried: number[] = [];
  /** What a send of an item comes to: an error is thrown. */
  answer: (item: number) => unknown = () => undefined;

  readonly send = async (item: number): Promise<void> => {
    this.tried.push(item);
    const answer = await this.answer(item);
    if (answer instanceof Error) throw answer;
    this.sent.push(item);
  };

  down(error = new Error('down')): Error {
    this.answer = () => error;
    return error;
  }

  up(): void {
    this.answer = () => undefined;
  }
}

/** A buffer of numbers in a registry of its own, with what it sends to and what it tells. */
export function setUp(options: Partial<SendBufferOptions<number>> = {}) {
  const clock = new ManualClock();
  const registry = new Registry({ clock, random: () => 0.5 });
  const upstream = new Upstream();
  const events: RegistryEvent[] = [];
  registry.on('*', (event) => events.push(event));
  const buffer = new SendBuffer<number>({ name: 'readings', send: upstream.send, ...options, registry });
  const told = <Type extends EventType>(type: Type) =>
    events.filter((event) => event.type === type) as unknown as RegistryEvent<Type>[];
  return { clock, registry, upstream, buffer, events, told };
}
