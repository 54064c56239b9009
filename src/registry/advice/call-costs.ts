import type { LivingMember } from '../members.js';
import type { Cost } from './cost.js';
import type { Evidence } from './evidence.js';
import { Stack } from './stack.js';

/** What functions cost that call others which retry by themselves: their attempts multiply. */
export class CallCosts {
  readonly #members: Map<string, LivingMember> = new Map();
  readonly #evidence: Evidence;

  constructor(members: readonly LivingMember[], evidence: Evidence) {
    for (const living of members) this.#members.set(living.member.site, living);
    this.#evidence = evidence;
  }

  /** What the function of a site costs by what it has been seen to call; undefined where that is unknown. */
  ofFunction(site: string, callers: readonly string[] = [site]): Cost | undefined {
    let most: Cost | undefined;
    for (const inner of this.#evidence.retriedAgain(site)) {
      const living = this.#members.get(inner);
      // Functions that call each other would go round for ever.
      if (living === undefined || callers.includes(inner)) continue;
      const { cost } = new Stack(living.member.policies, this.ofFunction(inner, [...callers, inner]));
      if (most === undefined || cost.attempts > most.attempts) most = { ...cost, through: [inner, ...cost.through] };
    }
    return most;
  }
}
