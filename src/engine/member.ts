import { registry } from '../registry/default-registry.js';
import type { EnrolledMember } from '../registry/members.js';
import type { Registry } from '../registry/registry.js';
import type { Application } from './application.js';
import type { Place } from './place.js';
import { closedGate, Plan } from './plan.js';
import { callContext } from './running.js';
import { holding } from './shared-handlers.js';
import type { Spec } from './spec.js';
import type { FixedStage } from './stage.js';

/**
 * A function or member and the policies stacked on it: one plan for all of them, made at the first call. Every instance
 * of a class shares it.
 */
export class Member implements EnrolledMember {
  readonly place: Place;
  /** Outermost first. */
  readonly applications: readonly Application[];
  plan: Plan | undefined = undefined;
  retired = false;

  constructor(place: Place, applications: readonly Application[]) {
    this.place = place;
    this.applications = applications;
    // What shares a part by a name of the user's own is told at once if the name is taken.
    const named = applications.filter(({ spec }) => place.known || spec.givenName !== undefined);
    for (const application of named.reverse()) application.bind(place);
  }

  /** Outermost first. */
  get specs(): Spec[] {
    return this.applications.map(({ spec }) => spec);
  }

  get site(): string {
    return this.place.name;
  }

  get policies(): readonly Application[] {
    return this.applications;
  }

  /** Makes the plan; `self` tells the name of a method's class. */
  prepare(self: unknown): Plan {
    if (this.plan !== undefined) return this.plan;
    this.place.find(self);
    const plan = this.#plan(this.#bind());
    plan.registry.enrol(this);
    return plan;
  }

  renew(): void {
    const gone = this.plan;
    if (gone === undefined) return;
    const stages = this.#bind();
    if (stages.every((stage, position) => stage === gone.stages[position])) return;
    this.#plan(stages);
    // Whoever calls by it comes by the new one; calls under way end by it.
    gone.gate = closedGate();
  }

  #bind(): FixedStage[] {
    // Innermost first: where two parts would bear one name, the one that was written first keeps it.
    const stages = this.applications.toReversed().map((application) => application.bind(this.place));
    return stages.reverse();
  }

  #plan(stages: readonly FixedStage[]): Plan {
    const plan = new Plan(this.place.name, this.#registry(), stages, callContext);
    holding(plan, plan.noPermits);
    this.plan = plan;
    return plan;
  }

  /** Whose clock the calls go by: a registry that was given goes before the shared one, in which time may be another. */
  #registry(): Registry {
    const [outermost] = this.specs as [Spec];
    return this.specs.find((spec) => spec.registry !== registry)?.registry ?? outermost.registry;
  }
}
