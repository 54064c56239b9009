import { having } from '../base/option-rules.js';
import { checkOption } from '../base/options.js';
import { NameTakenError } from '../base/errors.js';
import type { BufferEvent } from '../buffer/buffer-event.js';
import type { SendBufferContext, SendBufferOptions } from '../buffer/send-buffer-options.js';
import { ItemBuffer } from '../buffer/item-buffer.js';
import type { Configuration } from './configuration.js';
import { registry as shared } from './default-registry.js';
import type { Registry } from './registry.js';

/** What a buffer takes beside its own options. */
export interface SendBufferHome {
  /** Where a buffer with a name stands, and where its time and its events are. @default the shared `registry` */
  registry?: Registry;
}

const KIND = 'sendBuffer';

/**
 * Sends items, and keeps those that could not be sent until they can: in memory, the oldest going for space, or in a store
 * that outlives the process. With a `name` it stands in `registry.buffers`.
 * @example
 * const buffer = new SendBuffer<Reading>({ name: 'readings', send: (reading) => post(reading) });
 * buffer.enable();
 * await buffer.add({ celsius: 21 }); // 'sent', or 'buffered' when the send has failed
 * await buffer.flush(); // { flushed: 1, failed: 0 }
 */
export class SendBuffer<T> extends ItemBuffer<T> {
  readonly #configuration: Configuration;

  /**
   * @throws {TypeError} for an unknown option, for a value of the wrong type, and for a `registry` without a `name`
   * @throws {RangeError} for a value out of range
   * @throws {NameTakenError} when another buffer that is not closed has the name
   */
  constructor(options: SendBufferOptions<T> & SendBufferHome) {
    const { own, home } = split(options);
    const { configuration } = home?.registry ?? shared;
    const { filled, enabled } = filledIn(own, configuration);
    super(filled, home === undefined ? {} : contextOf(home));
    this.#configuration = configuration;
    configuration.serve(this, KIND, own);
    if (enabled) this.enable({ reason: 'configuration' });
    const make = () => this;
    home?.registry.buffers.obtain({ kind: KIND, name: { given: home.name }, options: {}, make });
  }

  /** As it does by itself; `enabled` is what a configuration says, and does not disable what is enabled. */
  override reconfigure(options: SendBufferOptions<T> & { enabled?: boolean }): void {
    const { enabled, ...own } = options;
    super.reconfigure(own as SendBufferOptions<T>);
    if (enabled === true && !this.enabled && !this.closed) this.enable({ reason: 'configuration' });
  }

  override close(): Promise<void> {
    this.#configuration.unserve(this);
    return super.close();
  }
}

/** The options with what the configuration says of them, and whether it wants the buffer enabled from the start. */
function filledIn<T>(own: SendBufferOptions<T>, configuration: Registry['configuration']) {
  // What is no object is refused with all else, by the buffer's own check.
  if (typeof own !== 'object' || own === null) return { filled: own, enabled: false };
  const { enabled, ...filled } = configuration.fill<SendBufferOptions<T> & { enabled?: boolean }>(KIND, own);
  return { filled: 'enabled' in own ? own : filled, enabled: enabled === true };
}

/** A registry, and the name in it. */
interface Home {
  readonly registry: Registry;
  readonly name: string;
}

const registryRule = having<Registry>('a Registry', ['snapshot', 'topic', 'emit', 'close']);

/** The options of the buffer itself, and where it is to stand. */
function split<T>(options: SendBufferOptions<T> & SendBufferHome): {
  own: SendBufferOptions<T>;
  home: Home | undefined;
} {
  // What is no object is refused with all else, by the buffer's own check.
  if (typeof options !== 'object' || options === null) return { own: options, home: undefined };
  const { registry, ...own } = options;
  if (registry !== undefined) checkOption('SendBuffer', 'registry', registryRule, registry);
  const { name } = own;
  if (name === undefined && registry !== undefined) {
    throw new TypeError('SendBuffer: `name` must be given with `registry`: it is what the buffer stands there under');
  }
  if (typeof name !== 'string' || name === '') return { own, home: undefined };
  const home = { registry: registry ?? shared, name };
  makeRoom(home);
  return { own, home };
}

/** Two buffers of one name would hide each other; one that is closed makes room. */
function makeRoom({ registry: { buffers }, name }: Home): void {
  const standing = buffers.get(name);
  if (standing === undefined) return;
  if (standing instanceof ItemBuffer && standing.closed) {
    buffers.forget(name);
    return;
  }
  throw new NameTakenError(
    `SendBuffer: the name '${name}' is taken in registry.buffers; take another name, or close the other buffer first`,
    { policy: KIND, policyName: name },
  );
}

function contextOf({ registry, name }: Home): SendBufferContext {
  const { clock, random } = registry;
  const source = { kind: KIND, name, site: name };
  return {
    clock,
    random,
    onEvent: ({ type, ...details }: BufferEvent) => registry.emit(`buffer:${type}`, source, details as never),
  };
}
