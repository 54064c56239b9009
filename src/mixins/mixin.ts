// Mixins take constructors with `any[]`: the language asks for it (TS2545).
// oxlint-disable typescript/no-explicit-any

/** A class, abstract or not, whose instances are such. */
export type Constructor<Instance extends object = object> = abstract new (...args: any[]) => Instance;

declare const members: unique symbol;

/** Gives a class further members: a function from a class to one that extends it. */
export interface Mixin<Members extends object, Statics extends object = object> {
  <Base extends Constructor>(base: Base): Base & Constructor<Members> & Statics;
  /** Never there: it tells the type checker what a list of mixins adds. */
  readonly [members]?: { readonly instance: Members; readonly statics: Statics };
}

/** What a list of mixins adds to instances. */
export type MembersOf<Mixins extends readonly unknown[]> = Mixins extends readonly [infer First, ...infer Rest]
  ? PartOf<First>['instance'] & MembersOf<Rest>
  : object;

/** What a list of mixins adds to the class itself. */
export type StaticsOf<Mixins extends readonly unknown[]> = Mixins extends readonly [infer First, ...infer Rest]
  ? PartOf<First>['statics'] & StaticsOf<Rest>
  : object;

type PartOf<One> = One extends Mixin<infer Members, infer Statics> ? { instance: Members; statics: Statics } : never;

/**
 * A class with the members of a base and of some mixins; of two that give the same, the later one wins.
 * @throws {TypeError} when the base is no class, or a mixin no function
 * @example class HostService extends mixin(BaseService, StreamingMixin) {}
 */
export function mixin<Base extends Constructor, const Mixins extends readonly Mixin<any, any>[]>(
  base: Base,
  ...mixins: Mixins
): Base & Constructor<MembersOf<Mixins>> & StaticsOf<Mixins> {
  if (typeof base !== 'function') throw new TypeError(`mixin takes a class first, got ${String(base)}`);
  for (const one of mixins) {
    if (typeof one !== 'function') throw new TypeError(`mixin takes mixins behind the class, got ${String(one)}`);
  }
  const mixed = mixins.reduce<Constructor>((inner, add) => add(inner), base);
  return mixed as Base & Constructor<MembersOf<Mixins>> & StaticsOf<Mixins>;
}
