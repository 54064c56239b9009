import type { DemandingPolicy } from '../../engine/demanding-policy.js';
import type { PresetName } from '../../policies/presets.js';
import type { PartDemands } from '../../policies/resilient-types.js';
import { resilient, type ResilientOptions } from '../../policies/resilient.js';
import { registry as shared } from '../../registry/default-registry.js';
import type { Registry } from '../../registry/registry.js';
import { type DecoratedMember, decoratedMembers, type ScannedModule } from './decorated-members.js';
import type { HoldfastOptions } from './module-options.js';

/** What a provider can be given of the toolkit: the module's registry and preset, and what bears policies. */
export class HoldfastService {
  readonly registry: Registry;
  readonly preset: PresetName | undefined;
  readonly #modules: Iterable<ScannedModule>;

  constructor({ registry, preset }: HoldfastOptions, modules: Iterable<ScannedModule>) {
    this.registry = registry ?? shared;
    this.preset = preset;
    this.#modules = modules;
  }

  /**
   * Makes a policy with the module's registry and preset, for what no decorator reaches; options that are given win.
   * @throws {TypeError} where there is neither a preset nor a policy in the options
   * @example const charge = holdfast.resilient({ fallback: queueCharge })(stripe.charge);
   */
  resilient<const Options extends ResilientOptions = ResilientOptions>(
    options?: Options,
  ): DemandingPolicy<'resilient', ResilientOptions, PartDemands<Options & { preset: PresetName }>> {
    const { registry, preset } = this;
    const all: ResilientOptions = { registry, ...(preset === undefined ? {} : { preset }), ...options };
    return resilient(all) as ReturnType<typeof this.resilient<Options>>;
  }

  /** Every method, static and getter of the application that bears policies, by name. */
  members(): DecoratedMember[] {
    return decoratedMembers(this.#modules);
  }
}
