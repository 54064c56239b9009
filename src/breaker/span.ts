/** A stretch of time. A clock that is set back makes it start anew, so that it never lasts longer than it should by more than its own length. */
export class Span {
  startedAt: number;
  readonly lengthMs: number;

  constructor(startedAt: number, lengthMs: number) {
    this.startedAt = startedAt;
    this.lengthMs = lengthMs;
  }

  get endsAt(): number {
    return this.startedAt + this.lengthMs;
  }

  /** What is left of it in ms; 0 once it is over. */
  leftMs(nowMs: number): number {
    if (nowMs < this.startedAt) this.startedAt = nowMs;
    const left = this.endsAt - nowMs;
    // Written so that a clock that gives no number ends the wait rather than makes it endless.
    return left > 0 ? left : 0;
  }
}
