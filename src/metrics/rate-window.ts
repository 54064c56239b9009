const SECONDS = 60;
const NONE = new Uint32Array(0);
/** Room for four seconds at first, which stands in 32 bytes; for all that can count in the end. */
const LEAST_ROOM = 8;
const MOST_ROOM = 2 * SECONDS;

/** Events in a second of the last minute: how many seconds ago it was, 0 for the one under way, and how many there were. */
export type SecondCount = [secondsAgo: number, events: number];

/**
 * How often something happened in the last minute, counted by seconds: the second that the window's edge cuts counts by
 * the share of it that is inside. 32 bytes while few seconds had events, 480 at most, and nothing to clean up.
 */
export class RateWindow {
  /** The second counted now, and how many events it had. */
  #second = -Infinity;
  #events = 0;
  #endsAtMs = -Infinity;
  /** Pairs, oldest first: an earlier second that had events, modulo 2³², and how many. */
  #past: Uint32Array = NONE;
  #length = 0;

  /** Counts one event. A moment before the second counted now is counted in it. */
  add(nowMs: number): void {
    if (nowMs >= this.#endsAtMs) this.#moveTo(nowMs);
    this.#events++;
  }

  /** Events in the minute up to `nowMs`. */
  count(nowMs: number): number {
    const second = Math.max(Math.floor(nowMs / 1_000), this.#second);
    let sum = second - this.#second < SECONDS ? this.#events : 0;
    let atEdge = second - this.#second === SECONDS ? this.#events : 0;
    for (let place = this.#length - 2; place >= 0; place -= 2) {
      const age = (second - (this.#past[place] as number)) >>> 0;
      if (age > SECONDS) break;
      if (age === SECONDS) atEdge = this.#past[place + 1] as number;
      else sum += this.#past[place + 1] as number;
    }
    return atEdge === 0 ? sum : sum + atEdge * Math.min(1, Math.max(0, second + 1 - nowMs / 1_000));
  }

  /** Events per second, on the average of the minute up to `nowMs`; a younger window still divides by a minute. */
  ratePerSecond(nowMs: number): number {
    return this.count(nowMs) / SECONDS;
  }

  /** The seconds that had events and may still count at `nowMs`, youngest first. */
  seconds(nowMs: number): SecondCount[] {
    const second = Math.max(Math.floor(nowMs / 1_000), this.#second);
    const counts: SecondCount[] = this.#events === 0 ? [] : [[second - this.#second, this.#events]];
    for (let place = this.#length - 2; place >= 0; place -= 2) {
      counts.push([(second - (this.#past[place] as number)) >>> 0, this.#past[place + 1] as number]);
    }
    return counts.filter(([secondsAgo]) => secondsAgo <= SECONDS);
  }

  /** Adds what another window had counted, as if it had been counted here. */
  merge(counts: readonly SecondCount[], nowMs: number): void {
    if (nowMs >= this.#endsAtMs) this.#moveTo(nowMs);
    const bySecondsAgo = new Map<number, number>();
    for (const [secondsAgo, events] of [...this.seconds(nowMs), ...counts]) {
      bySecondsAgo.set(secondsAgo, (bySecondsAgo.get(secondsAgo) ?? 0) + events);
    }
    this.#events = bySecondsAgo.get(0) ?? 0;
    bySecondsAgo.delete(0);
    const past = [...bySecondsAgo]
      .filter(([secondsAgo]) => secondsAgo <= SECONDS)
      .sort(([left], [right]) => right - left);
    this.#past = Uint32Array.from(past.flatMap(([secondsAgo, events]) => [this.#second - secondsAgo, events]));
    this.#length = this.#past.length;
  }

  #moveTo(nowMs: number): void {
    const second = Math.floor(nowMs / 1_000);
    if (second - this.#second > SECONDS) this.#length = 0;
    else if (this.#events > 0) this.#keep(second);
    this.#second = second;
    this.#events = 0;
    this.#endsAtMs = (second + 1) * 1_000;
  }

  /** Puts the second counted until now to those of the past. */
  #keep(second: number): void {
    if (this.#length === this.#past.length) this.#makeRoom(second);
    this.#past[this.#length] = this.#second;
    this.#past[this.#length + 1] = this.#events;
    this.#length += 2;
  }

  #makeRoom(second: number): void {
    let old = 0;
    while (old < this.#length && (second - (this.#past[old] as number)) >>> 0 > SECONDS) old += 2;
    this.#past.copyWithin(0, old, this.#length);
    this.#length -= old;
    if (old > 0) return;
    const grown = new Uint32Array(Math.min(Math.max(2 * this.#length, LEAST_ROOM), MOST_ROOM));
    grown.set(this.#past);
    this.#past = grown;
  }
}
