/** Which page is wanted; a source takes of it what it goes by: `offset` and `limit`, `page`, or `cursor`. */
export interface PageRequest<Cursor = string> {
  /** Items before this page. */
  readonly offset: number;
  /** Items wanted at most. */
  readonly limit: number;
  /** The number of the page, from 1. */
  readonly page: number;
  /** What the page before gave as `nextCursor`; undefined for the first. */
  readonly cursor: Cursor | undefined;
  /** Aborted when nobody waits for the page any more. */
  readonly signal: AbortSignal;
}

/** A page that says what follows it. */
export interface Page<Item, Cursor = string> {
  readonly items: readonly Item[];
  /** Where the next page begins; `null`, `''` or none once there have been some means that there is no next page. */
  readonly nextCursor?: Cursor | null | undefined;
  /** Whether another page follows. */
  readonly hasMore?: boolean | undefined;
  /** How many items there are in all. */
  readonly total?: number | undefined;
}

/** What a source answers: the items alone, where a page shorter than `limit` is the last; or a {@link Page}. */
export type PageAnswer<Item, Cursor = string> = readonly Item[] | Page<Item, Cursor>;

/** Gives one page of a source. */
export type FetchPage<Item, Cursor = string> = (
  request: PageRequest<Cursor>,
) => PageAnswer<Item, Cursor> | PromiseLike<PageAnswer<Item, Cursor>>;

/** Where a stream can be taken up again; plain JSON, as far as the cursor is. */
export interface Checkpoint<Cursor = string> {
  /** Items before the next page. */
  readonly offset: number;
  /** The number of the next page, in pages of `batchSize`. */
  readonly page: number;
  /** Where the next page begins, of a source with cursors. */
  readonly cursor?: Cursor | undefined;
  /** Items of a page. */
  readonly batchSize: number;
  /** Batches handed out so far. */
  readonly batchNumber: number;
  /** Set when nothing follows. */
  readonly done?: boolean | undefined;
}

/** A page that could not be had, whatever was tried. */
export interface PageFailure<Cursor = string> {
  /** What the last run failed with. */
  readonly error: unknown;
  /** How often it was tried. */
  readonly attempts: number;
  readonly offset: number;
  readonly limit: number;
  readonly page: number;
  readonly cursor: Cursor | undefined;
  /** The beginning of this page: resumed from here, a stream tries it again. */
  readonly checkpoint: Checkpoint<Cursor>;
}

/** What a stream hands out: the items of a page. */
export interface PageBatch<Item, Cursor = string> {
  readonly items: readonly Item[];
  /** From 1; a stream that is resumed goes on counting. */
  readonly batchNumber: number;
  /**
   * Whether more follows, as far as it is known: a full page of an array counts as followed, until the next one turns
   * out to be empty.
   */
  readonly hasMore: boolean;
  /** Where the stream goes on behind this batch: for `resumeFrom`. */
  readonly checkpoint: Checkpoint<Cursor>;
  /** Pages between the batch before and this one that could not be had, and were skipped. */
  readonly skipped: readonly PageFailure<Cursor>[];
}
