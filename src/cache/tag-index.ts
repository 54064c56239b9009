/**
 * Which entries bear a tag. It knows nothing of entries without tags, and nothing is left of one that has gone: what it
 * takes is bounded by what is held.
 */
export class TagIndex<E extends object> {
  readonly #byTag = new Map<string, Set<E>>();
  readonly #tagsOf = new Map<E, readonly string[]>();

  /** Tags that an entry bears. */
  get size(): number {
    return this.#byTag.size;
  }

  /** Takes in an entry with its tags. */
  add(entry: E, tags: readonly string[]): void {
    this.#tagsOf.set(entry, tags);
    for (const tag of tags) {
      const bearers = this.#byTag.get(tag);
      if (bearers === undefined) this.#byTag.set(tag, new Set([entry]));
      else bearers.add(entry);
    }
  }

  /** Forgets an entry that has gone; one without tags is no error. */
  remove(entry: E): void {
    const tags = this.#tagsOf.get(entry);
    if (tags === undefined) return;
    this.#tagsOf.delete(entry);
    for (const tag of tags) {
      const bearers = this.#byTag.get(tag);
      bearers?.delete(entry);
      if (bearers?.size === 0) this.#byTag.delete(tag);
    }
  }

  /** The entries that bear a tag, as they are now. */
  bearersOf(tag: string): E[] {
    return [...(this.#byTag.get(tag) ?? [])];
  }
}
