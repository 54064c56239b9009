import type { StackedPolicy } from '../members.js';
import { type Cost, costsOf } from './cost.js';
import type { KnownKind, Layer, OptionsOf } from './layer.js';

/** A limit of time that stands round something. */
export interface TimeAbove {
  readonly kind: 'timeout' | 'deadline';
  readonly ms: number;
}

/** The policies of a site as the rules look at them. */
export class Stack {
  readonly layers: readonly Layer[];
  /** What one run of what is inside each position takes at most; at the end that of the bare function. */
  readonly #costs: readonly Cost[];

  /** @param ofFunction What the function costs, as far as that is known. */
  constructor(policies: readonly StackedPolicy[], ofFunction?: Cost) {
    this.layers = policies.map((policy, position) => {
      const { kind, options } = policy;
      return { kind: kind as KnownKind, options: options as OptionsOf[KnownKind], position, policy };
    });
    this.#costs = costsOf(this.layers, ofFunction);
  }

  /** What a call takes at most. */
  get cost(): Cost {
    return this.#costs[0] as Cost;
  }

  /** What one run of what is inside a layer takes at most. */
  costInside({ position }: Layer): Cost {
    return this.#costs[position + 1] as Cost;
  }

  /** The layers of some kinds, outermost first. */
  all<Kind extends KnownKind>(...kinds: readonly Kind[]): Layer<Kind>[] {
    return this.layers.filter(({ kind }) => (kinds as readonly KnownKind[]).includes(kind)) as Layer[] as Layer<Kind>[];
  }

  /** Those of them that stand inside a layer, outermost first. */
  inside<Kind extends KnownKind>({ position }: Layer, ...kinds: readonly Kind[]): Layer<Kind>[] {
    return this.all(...kinds).filter((layer) => layer.position > position);
  }

  /** Those of them that stand outside of a layer, outermost first. */
  outside<Kind extends KnownKind>({ position }: Layer, ...kinds: readonly Kind[]): Layer<Kind>[] {
    return this.all(...kinds).filter((layer) => layer.position < position);
  }

  /** Whether anything outside of a layer limits its time, be it by a limit that depends on the arguments. */
  isLimited(layer: Layer): boolean {
    return this.outside(layer, 'timeout', 'deadline').some(({ options: { ms } }) => ms !== Infinity);
  }

  /** The shortest limit of time outside of a layer, where there is one. Outside of a shared run it ends nothing inside. */
  timeAbove(layer: Layer): TimeAbove | undefined {
    const shared = this.outside(layer, 'cached', 'coalesce').at(-1)?.position ?? -1;
    const limits = this.outside(layer, 'timeout', 'deadline').flatMap(({ kind, position, options: { ms } }) =>
      position > shared && typeof ms === 'number' && ms < Infinity ? [{ kind, ms }] : [],
    );
    return limits.reduce<TimeAbove | undefined>(
      (least, limit) => (least === undefined || limit.ms < least.ms ? limit : least),
      undefined,
    );
  }
}
