import type { FetchPage } from '../batch/page-source.js';
import type { PageStream } from '../batch/page-stream.js';
import { DEFAULT_BATCH_SIZE } from '../batch/stream-options.js';
import { streamPages, type StreamPagesOptions } from '../registry/stream-pages.js';
import type { Constructor, Mixin } from './mixin.js';

/** What {@link StreamingMixin} gives to instances. */
export interface StreamingMembers {
  /** Items of a page where a stream does not say otherwise: that of the class, until it is set. */
  defaultBatchSize: number;
  /**
   * Streams a source that gives its items page by page; see `streamPages`.
   * @param fetchPage Is called with the service as `this`.
   */
  streamPaginated<Item, Cursor = string>(
    fetchPage: FetchPage<Item, Cursor>,
    options?: StreamPagesOptions<Cursor>,
  ): PageStream<Item, Cursor>;
}

/** What {@link StreamingMixin} gives to the class. */
export interface StreamingStatics {
  /** Items of a page for all instances that do not have their own. @default 100 */
  defaultBatchSize: number;
}

/**
 * Streams of pages for a service class, with a batch size for each class and each instance.
 * @example
 * class HostService extends mixin(BaseService, StreamingMixin) {
 *   static override defaultBatchSize = 200;
 *   hosts() {
 *     return this.streamPaginated(({ offset, limit }) => this.api.hosts(offset, limit));
 *   }
 * }
 */
export const StreamingMixin: Mixin<StreamingMembers, StreamingStatics> = <Base extends Constructor>(base: Base) => {
  abstract class Streaming extends base {
    static defaultBatchSize: number = DEFAULT_BATCH_SIZE;

    get defaultBatchSize(): number {
      return (this.constructor as Partial<StreamingStatics>).defaultBatchSize ?? DEFAULT_BATCH_SIZE;
    }

    set defaultBatchSize(batchSize: number) {
      Object.defineProperty(this, 'defaultBatchSize', {
        value: batchSize,
        configurable: true,
        enumerable: true,
        writable: true,
      });
    }

    streamPaginated<Item, Cursor = string>(
      fetchPage: FetchPage<Item, Cursor>,
      options: StreamPagesOptions<Cursor> = {},
    ): PageStream<Item, Cursor> {
      // A stream that is resumed has the batch size of its checkpoint.
      const batchSize = options.batchSize ?? options.resumeFrom?.batchSize ?? ownBatchSize(this, Streaming);
      const name = options.name ?? `${this.constructor.name}.${fetchPage?.name || 'streamPaginated'}`;
      // What is no function is refused by `streamPages` itself.
      const bound = typeof fetchPage === 'function' ? fetchPage.bind(this) : fetchPage;
      return streamPages<Item, Cursor>(bound, { ...options, ...(batchSize !== undefined && { batchSize }), name });
    }
  }
  return Streaming;
};

/** The batch size of a service; undefined where nobody has set one: a configuration may. */
function ownBatchSize(service: StreamingMembers, mixin: unknown): number | undefined {
  const { defaultBatchSize } = service;
  if (defaultBatchSize !== DEFAULT_BATCH_SIZE || Object.hasOwn(service, 'defaultBatchSize')) return defaultBatchSize;
  let owner: unknown = service.constructor;
  while (typeof owner === 'function' && !Object.hasOwn(owner, 'defaultBatchSize')) owner = Object.getPrototypeOf(owner);
  return owner === mixin ? undefined : defaultBatchSize;
}
