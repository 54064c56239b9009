import type { Checkpoint } from './page-source.js';

/** Where a page begins, and how long it is. */
export interface Position<Cursor> {
  readonly offset: number;
  readonly page: number;
  readonly limit: number;
  readonly cursor: Cursor | undefined;
}

/** Where a stream begins: at the start, or where another has left off. */
export function firstPosition<Cursor>(
  { offset, page, cursor, batchSize }: Partial<Checkpoint<Cursor>>,
  limit: number,
): Position<Cursor> {
  // Another batch size has other pages: the one that holds the next item, so that none is left out.
  const before = page === undefined ? (offset ?? 0) : (page - 1) * (batchSize ?? limit);
  return { offset: offset ?? before, page: Math.floor(before / limit) + 1, limit, cursor };
}

/** Where the next page begins if this one is full. */
export function expectedNext<Cursor>({ offset, page, limit }: Position<Cursor>): Position<Cursor> {
  return { offset: offset + limit, page: page + 1, limit, cursor: undefined };
}

/** Where the next page begins behind so many items. */
export function nextAfter<Cursor>(
  position: Position<Cursor>,
  items: number,
  cursor: Cursor | undefined,
): Position<Cursor> {
  // A page may be empty and not the last, where a source filters: the next one must be another.
  const { offset } = items === 0 ? expectedNext(position) : { offset: position.offset + items };
  return { offset, page: position.page + 1, limit: position.limit, cursor };
}

/** The same beginning with pages of a shorter length, which divides the one before. */
export function withLimit<Cursor>(position: Position<Cursor>, limit: number): Position<Cursor> {
  return { ...position, limit, page: (position.page - 1) * (position.limit / limit) + 1 };
}

/** A position as it is handed out. */
export function checkpointAt<Cursor>(
  { offset, page, limit, cursor }: Position<Cursor>,
  batchNumber: number,
  done: boolean,
): Checkpoint<Cursor> {
  return {
    offset,
    page,
    ...(cursor !== undefined && { cursor }),
    batchSize: limit,
    batchNumber,
    ...(done && { done }),
  };
}
