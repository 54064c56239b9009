import type { Position } from './page-position.js';
import { type PageRead, readPage } from './page-reading.js';
import type { FetchPage } from './page-source.js';

/** Runs a fetch, and again where it fails and may be retried. */
export type RunFetch = <T>(run: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/** What became of a page: it is there, could not be had, or is not wanted any more. */
export type FetchOutcome<Item, Cursor> =
  | { readonly page: PageRead<Item, Cursor> }
  | { readonly error: unknown; readonly attempts: number }
  | 'dropped';

/** A page on its way, or arrived. */
export class PageFetch<Item, Cursor> {
  readonly position: Position<Cursor>;
  /** Never rejects: whoever comes to the page looks. */
  readonly outcome: Promise<FetchOutcome<Item, Cursor>>;
  /** The page, once it has arrived. */
  page: PageRead<Item, Cursor> | undefined = undefined;
  /** Whether it is not on its way any more. */
  isSettled = false;
  readonly #controller: AbortController = new AbortController();
  #settle: (outcome: FetchOutcome<Item, Cursor>) => void = () => {};
  #attempts = 0;

  /** Sets out at once. */
  constructor(position: Position<Cursor>, fetchPage: FetchPage<Item, Cursor>, run: RunFetch) {
    this.position = position;
    this.outcome = new Promise((resolve) => {
      this.#settle = resolve;
    });
    void this.#follow(fetchPage, run);
  }

  /** Not wanted any more: the fetch is aborted, and whoever waits is told at once. */
  drop(reason?: unknown): void {
    this.isSettled = true;
    this.#settle('dropped');
    this.#controller.abort(reason);
  }

  async #follow(fetchPage: FetchPage<Item, Cursor>, run: RunFetch): Promise<void> {
    const { signal } = this.#controller;
    const { position } = this;
    const ask = async () => {
      this.#attempts++;
      return fetchPage({ ...position, signal });
    };
    try {
      const answer = await run(ask, signal);
      this.page = readPage(answer, position);
      this.isSettled = true;
      this.#settle({ page: this.page });
    } catch (error) {
      this.isSettled = true;
      this.#settle({ error, attempts: this.#attempts });
    }
  }
}
