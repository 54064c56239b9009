import type { Callable } from './any-function.js';
import { Application } from './application.js';
import { Member } from './member.js';
import { Place } from './place.js';
import type { Spec } from './spec.js';
import { memberOf, originalOf, wrapperFor } from './wrapper.js';

/** Makes single calls under a policy: all that it makes share the policy's state. */
export class Executor {
  readonly #kind: string;
  readonly #own: Member;
  /** Of functions that have policies already: what stands on them under this one. */
  readonly #stacked = new WeakMap<Member, Member>();

  constructor(kind: string, specs: readonly Spec[]) {
    this.#kind = kind;
    this.#own = new Member(
      Place.named(kind),
      specs.map((spec) => new Application(spec)),
    );
  }

  run(fn: Callable, args: readonly unknown[]): unknown {
    if (typeof fn !== 'function') throw new TypeError(`${this.#kind}.execute takes a function first, got ${typeof fn}`);
    const inner = memberOf(fn);
    return wrapperFor(originalOf(fn), inner === undefined ? this.#own : this.#over(inner))(...args);
  }

  #over(inner: Member): Member {
    let member = this.#stacked.get(inner);
    if (member === undefined) {
      member = new Member(this.#own.place, [...this.#own.applications, ...inner.applications]);
      this.#stacked.set(inner, member);
    }
    return member;
  }
}
