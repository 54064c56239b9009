import { show } from '../base/options.js';

/** What a batch is made of: a list, whose length is known, or a source of which nobody knows when it ends. */
export type BatchItems<In> = Iterable<In> | AsyncIterable<In>;

/** Gives the items of a batch one by one. */
export interface ItemSource<In> {
  /** All of them, of a list. */
  readonly list: readonly In[] | undefined;
  /** The next one. */
  next(): IteratorResult<In, unknown> | PromiseLike<IteratorResult<In, unknown>>;
  /** Nobody wants more. */
  close(): void;
}

/**
 * Opens what a batch is made of. Arrays, sets and maps are lists, copied, so that what is done to them later is their own
 * affair; everything else is asked for an item when there is room for one.
 * @throws {TypeError} for what is no iterable
 */
export function sourceOf<In>(items: BatchItems<In>): ItemSource<In> {
  if (Array.isArray(items) || items instanceof Set || items instanceof Map)
    return listSource([...(items as Iterable<In>)]);
  const iterator = iteratorOf(items);
  return {
    list: undefined,
    next: () => iterator.next(),
    close() {
      try {
        const closed = iterator.return?.() as PromiseLike<unknown> | undefined;
        closed?.then?.(undefined, () => {});
      } catch {
        // It is left anyway.
      }
    },
  };
}

function listSource<In>(list: readonly In[]): ItemSource<In> {
  let at = 0;
  return {
    list,
    next: () => (at < list.length ? { done: false, value: list[at++] as In } : { done: true, value: undefined }),
    close() {},
  };
}

function iteratorOf<In>(items: BatchItems<In>): Iterator<In> | AsyncIterator<In> {
  const { [Symbol.asyncIterator]: openLater, [Symbol.iterator]: open } = Object(items ?? {}) as Partial<
    AsyncIterable<In> & Iterable<In>
  >;
  if (typeof openLater === 'function') return openLater.call(items as AsyncIterable<In>);
  if (typeof open === 'function' && typeof items !== 'string') return open.call(items as Iterable<In>);
  throw new TypeError(`BatchProcessor takes items as a list or an iterable, got ${show(items)}`);
}
