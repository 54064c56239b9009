import type { DeadLetterEntry } from './dead-letter-entry.js';

/**
 * Entries by id, in the order of their ids. Adding, taking the oldest and removing any cost the same at every length; a
 * Map alone would walk over all the places that its oldest entries have left.
 */
export class EntryLine {
  readonly #byId = new Map<string, DeadLetterEntry>();
  /** Ids from `#head` on, those of removed entries among them until there are too many. */
  #ids: string[] = [];
  #head = 0;

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): DeadLetterEntry | undefined {
    return this.#byId.get(id);
  }

  /** Adds an entry whose id comes after all others. */
  add(entry: DeadLetterEntry): void {
    this.#ids.push(entry.id);
    this.#byId.set(entry.id, entry);
  }

  /** Adds entries where their ids belong. */
  insert(entries: readonly DeadLetterEntry[]): void {
    for (const entry of entries) this.add(entry);
    this.#compact();
    this.#ids.sort();
  }

  /** Puts a changed entry in the place of the one with its id. */
  replace(entry: DeadLetterEntry): void {
    this.#byId.set(entry.id, entry);
  }

  remove(id: string): void {
    if (this.#byId.delete(id) && this.#ids.length > 2 * this.#byId.size + 16) this.#compact();
  }

  /** The oldest entry. */
  get first(): DeadLetterEntry | undefined {
    while (this.#head < this.#ids.length) {
      const entry = this.#byId.get(this.#ids[this.#head] as string);
      if (entry !== undefined) return entry;
      this.#head++;
    }
    return undefined;
  }

  /** Ids that come after another, oldest first; a list of its own. */
  ids(after = ''): string[] {
    this.#compact();
    return this.#ids.filter((id) => id > after);
  }

  #compact(): void {
    this.#ids = this.#ids.slice(this.#head).filter((id) => this.#byId.has(id));
    this.#head = 0;
  }
}
