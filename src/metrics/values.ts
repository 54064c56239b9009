/** Numbers by name, each with the moment of its last change, so that those nobody touches any more can be forgotten. */
export class Values {
  readonly #byName = new Map<string, { value: number; changedAt: number }>();
  readonly #maxNames: number;

  constructor(maxNames: number) {
    this.#maxNames = maxNames;
  }

  /** Whether the name is known, or there is room for it. */
  takes(name: string): boolean {
    return this.#byName.has(name) || this.#byName.size < this.#maxNames;
  }

  get(name: string): number {
    return this.#byName.get(name)?.value ?? 0;
  }

  set(name: string, value: number, nowMs: number): void {
    this.#byName.set(name, { value, changedAt: nowMs });
  }

  /** Names and numbers, sorted. */
  toJSON(): Record<string, number> {
    const names = [...this.#byName.keys()].sort();
    return Object.fromEntries(names.map((name) => [name, this.get(name)]));
  }

  /** Forgets what was last changed before `moment`; says whether anything is left. */
  expire(moment: number): 'empty' | 'filled' {
    for (const [name, { changedAt }] of this.#byName) {
      if (changedAt <= moment) this.#byName.delete(name);
    }
    return this.#byName.size === 0 ? 'empty' : 'filled';
  }

  delete(name: string): void {
    this.#byName.delete(name);
  }
}
