/** The keys of a map in order: sorted when they are asked for, and only when they have changed since. */
export class SortedNames {
  readonly #map: ReadonlyMap<string, unknown>;
  #sorted: readonly string[] | undefined = undefined;

  constructor(map: ReadonlyMap<string, unknown>) {
    this.#map = map;
  }

  /** To be called when a key has come or gone. */
  changed(): void {
    this.#sorted = undefined;
  }

  /** All keys; the list is never changed, a later one takes its place. */
  get all(): readonly string[] {
    return (this.#sorted ??= [...this.#map.keys()].sort());
  }
}
