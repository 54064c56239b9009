import { show } from '../base/options.js';
import type { Position } from './page-position.js';
import type { Page, PageAnswer } from './page-source.js';

/** A page as a stream reads it. */
export interface PageRead<Item, Cursor> {
  readonly items: readonly Item[];
  /** Where the next one begins, of a source with cursors. */
  readonly cursor: Cursor | undefined;
  readonly isLast: boolean;
  readonly total: number | undefined;
}

/**
 * Reads what a source has answered.
 * @throws {TypeError} for an answer that is no page, and for a page that names itself as the next
 */
export function readPage<Item, Cursor>(
  answer: PageAnswer<Item, Cursor>,
  position: Position<Cursor>,
): PageRead<Item, Cursor> {
  if (isArray(answer)) {
    return { items: answer, cursor: undefined, isLast: answer.length < position.limit, total: undefined };
  }
  checkPage(answer);
  const { items, total } = answer;
  // Sources say "none" in many ways.
  const cursor = isCursor(answer.nextCursor) ? answer.nextCursor : undefined;
  if (cursor !== undefined && Object.is(cursor, position.cursor)) {
    throw new TypeError(
      `streamPages: the page at cursor ${show(cursor)} gave the same as the next: it would never end`,
    );
  }
  return { items, cursor, isLast: isLast(answer, cursor, position), total };
}

function isLast<Cursor>(page: Page<unknown, Cursor>, cursor: Cursor | undefined, position: Position<Cursor>): boolean {
  const { items, nextCursor, hasMore, total } = page;
  if (hasMore === false) return true;
  if (nextCursor !== undefined || position.cursor !== undefined) return cursor === undefined;
  if (hasMore === true) return false;
  return total === undefined ? items.length < position.limit : position.offset + items.length >= total;
}

function isCursor<Cursor>(nextCursor: Cursor | null | undefined): nextCursor is Cursor {
  return nextCursor !== undefined && nextCursor !== null && nextCursor !== '';
}

function isArray<Item>(answer: PageAnswer<Item, unknown>): answer is readonly Item[] {
  return Array.isArray(answer);
}

function checkPage(answer: unknown): void {
  const items = typeof answer === 'object' && answer !== null ? (answer as { items?: unknown }).items : undefined;
  if (Array.isArray(items)) return;
  throw new TypeError(
    `streamPages: fetchPage gives an array, or { items, nextCursor?, hasMore?, total? } with an array, got ${show(answer)}`,
  );
}
