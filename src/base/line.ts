/** Who stands in a line, between neighbours; in one line at a time. */
export interface InLine<Self> {
  before: Self | undefined;
  after: Self | undefined;
}

/** First come, first served; anyone may leave at the same small cost, wherever he stands. */
export class Line<Member extends InLine<Member>> {
  #first: Member | undefined = undefined;
  #last: Member | undefined = undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get first(): Member | undefined {
    return this.#first;
  }

  /** From the first to the last. */
  *[Symbol.iterator](): IterableIterator<Member> {
    for (let member = this.#first; member !== undefined; member = member.after) yield member;
  }

  /** Puts one at the end who stands in no line. */
  join(member: Member): void {
    member.before = this.#last;
    if (this.#last === undefined) this.#first = member;
    else this.#last.after = member;
    this.#last = member;
    this.#length++;
  }

  /** Takes out one who stands in the line. */
  leave(member: Member): void {
    const { before, after } = member;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    member.before = undefined;
    member.after = undefined;
    this.#length--;
  }
}
