/** A policy as it stands on a member. */
export interface StackedPolicy {
  readonly kind: string;
  /** Frozen, with the defaults filled in. */
  readonly options: object;
  /** Where its part is, if it has one. */
  readonly registry: object;
  /** The name of its part in that registry. */
  readonly part: string;
}

/** A function or method that is ready to be called, and the policies on it. */
export interface EnrolledMember {
  /** Such as `'Quotes.price'`. */
  readonly site: string;
  /** Outermost first. */
  readonly policies: readonly StackedPolicy[];
  /** Whether its policies were taken off again. */
  readonly retired: boolean;
  /** Looks again at what the configuration says of its policies; calls under way end as they began. */
  renew(): void;
}

/** Held weakly: a function that nobody can call any more is none that anybody wants to hear of. */
class Enrolment extends WeakRef<EnrolledMember> {
  /** In ms of the registry's clock. */
  readonly at: number;

  constructor(member: EnrolledMember, at: number) {
    super(member);
    this.at = at;
  }
}

/** A member that can still be called, and since when it can. */
export interface LivingMember {
  readonly member: EnrolledMember;
  /** In ms of the registry's clock. */
  readonly since: number;
}

/** The members whose calls run by a registry. */
export class Members {
  #enrolments: Enrolment[] = [];
  #roomUntilSwept = 64;

  /** Takes a member in, once; the gone ones are swept out each time that the number has doubled. */
  enrol(member: EnrolledMember, nowMs: number): void {
    if (this.#enrolments.length >= this.#roomUntilSwept) this.#sweep();
    this.#enrolments.push(new Enrolment(member, nowMs));
  }

  /** All that may be called, also what was wrapped once more. */
  callable(): EnrolledMember[] {
    return this.#enrolments.flatMap((enrolment) => enrolment.deref() ?? []);
  }

  /** Those that are left. What was wrapped once more counts as what it has become. */
  living(): LivingMember[] {
    const living = this.#enrolments.flatMap((enrolment) => {
      const member = enrolment.deref();
      return member === undefined || member.retired ? [] : [{ member, since: enrolment.at }];
    });
    const bearing = new Map<StackedPolicy, EnrolledMember[]>();
    for (const { member } of living) {
      for (const policy of member.policies) bearing.set(policy, [...(bearing.get(policy) ?? []), member]);
    }
    const isInner = ({ policies }: EnrolledMember): boolean =>
      (bearing.get(policies[0] as StackedPolicy) ?? []).some(
        (other) =>
          other.policies.length > policies.length && policies.every((policy) => other.policies.includes(policy)),
      );
    return living.filter(({ member }) => !isInner(member));
  }

  #sweep(): void {
    this.#enrolments = this.#enrolments.filter((enrolment) => enrolment.deref()?.retired === false);
    this.#roomUntilSwept = Math.max(64, 2 * this.#enrolments.length);
  }
}
