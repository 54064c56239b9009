import { PageFetch, type RunFetch } from './page-fetch.js';
import type { PageMemory } from './page-memory.js';
import { expectedNext, nextAfter, type Position, withLimit } from './page-position.js';
import type { PageRead } from './page-reading.js';
import type { FetchPage } from './page-source.js';

/** What a queue works with. */
export interface QueueParts<Item, Cursor> {
  readonly fetchPage: FetchPage<Item, Cursor>;
  readonly run: RunFetch;
  readonly memory: PageMemory;
  /** Pages on their way at once. */
  readonly concurrency: number;
  /** Is told when a page has arrived, or could not be had. */
  settled(): void;
}

/** Pages that were asked for and not yet handed out, in order, and where the next one begins. */
export class PageQueue<Item, Cursor> {
  readonly #parts: QueueParts<Item, Cursor>;
  readonly #fetches: PageFetch<Item, Cursor>[] = [];
  // Undefined while it depends on a page that is on its way, and when there is none.
  #next: Position<Cursor> | undefined;
  #isAtEnd = false;
  // A source without cursors: where pages begin can be told ahead, as long as they are full.
  #isCounted = false;
  #total: number | undefined = undefined;
  #limit: number;
  #most = 0;

  constructor(start: Position<Cursor>, parts: QueueParts<Item, Cursor>) {
    this.#next = start;
    this.#limit = start.limit;
    this.#parts = parts;
  }

  /** The page that comes next. */
  get first(): PageFetch<Item, Cursor> | undefined {
    return this.#fetches[0];
  }

  /** Whether it is known that no item follows. */
  get isExhausted(): boolean {
    return this.#isAtEnd && this.#fetches.every(({ page }) => page?.items.length === 0);
  }

  /** Sees to it that so many pages are here or on their way, as far as the source allows. */
  reach(most: number): void {
    this.#most = most;
    this.#fetch();
  }

  /** Takes out the first page. */
  shift(): void {
    this.#fetches.shift();
  }

  /** Where the stream goes on behind a page. */
  behind({ position }: PageFetch<Item, Cursor>, page: PageRead<Item, Cursor>): Position<Cursor> {
    return nextAfter(position, page.items.length, page.cursor);
  }

  /** Goes on behind the first page, which could not be had: its length is all that is known of it. */
  skip(position: Position<Cursor>): Position<Cursor> {
    const next = expectedNext(position);
    this.shift();
    if (this.#fetches.length > 0 || this.#next !== undefined || this.#isAtEnd) return next;
    if (this.#total !== undefined && next.offset >= this.#total) this.#isAtEnd = true;
    else this.#next = next;
    return next;
  }

  /** Forgets all pages, and goes on from somewhere else. */
  restart(position: Position<Cursor>): void {
    this.#dropFrom(0);
    this.#isAtEnd = false;
    this.#isCounted = false;
    this.#limit = position.limit;
    this.#next = position;
  }

  /** Nothing is wanted any more. */
  close(reason?: unknown): void {
    this.#dropFrom(0, reason);
    this.#next = undefined;
    this.#isAtEnd = true;
  }

  #fetch(): void {
    const { concurrency, fetchPage, run } = this.#parts;
    let underway = this.#fetches.filter(({ isSettled }) => !isSettled).length;
    while (this.#next !== undefined && this.#fetches.length < this.#most && underway < concurrency) {
      const position = this.#next.limit === this.#limit ? this.#next : withLimit(this.#next, this.#limit);
      this.#next = this.#isCounted && concurrency > 1 ? expectedNext(position) : undefined;
      const fetch = new PageFetch(position, fetchPage, run);
      this.#fetches.push(fetch);
      underway++;
      void fetch.outcome.then((outcome) => {
        if (outcome !== 'dropped' && 'page' in outcome) this.#arrived(fetch, outcome.page);
        this.#fetch();
        this.#parts.settled();
      });
    }
  }

  #arrived(fetch: PageFetch<Item, Cursor>, page: PageRead<Item, Cursor>): void {
    const place = this.#fetches.indexOf(fetch);
    if (place < 0) return;
    this.#total = page.total ?? this.#total;
    this.#limit = this.#parts.memory.fit(page.items, this.#limit);
    const next = page.isLast ? undefined : this.behind(fetch, page);
    if (next !== undefined) this.#isCounted = next.cursor === undefined;
    // Pages behind it were asked for as if this one were full. If it is not, they are others.
    const isAsExpected = next !== undefined && next.offset === expectedNext(fetch.position).offset;
    if (isAsExpected && (place + 1 < this.#fetches.length || this.#next !== undefined)) return;
    this.#dropFrom(place + 1);
    this.#next = next;
    this.#isAtEnd = next === undefined;
  }

  #dropFrom(place: number, reason?: unknown): void {
    for (const fetch of this.#fetches.splice(place)) fetch.drop(reason);
  }
}
