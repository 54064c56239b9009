import type { StackedPolicy } from '../registry/members.js';
import type { Registry } from '../registry/registry.js';
import type { Place } from './place.js';
import { Site } from './site.js';
import type { Spec } from './spec.js';
import { FixedStage, type Stage } from './stage.js';

/** One policy applied to one place: bound once, whichever wrappers of the place are called. */
export class Application implements StackedPolicy {
  readonly spec: Spec;
  #stage: FixedStage | undefined = undefined;
  #site: Site | undefined = undefined;
  #version = 0;

  constructor(spec: Spec) {
    this.spec = spec;
  }

  get kind(): string {
    return this.spec.kind;
  }

  get options(): object {
    return this.#site?.options || this.spec.policy.options;
  }

  get registry(): Registry {
    return this.spec.registry;
  }

  get part(): string {
    return this.#site?.partName ?? '';
  }

  /** Makes the policy's part at this place, or finds it by its name; looks again when the configuration has changed. */
  bind(place: Place): FixedStage {
    const { version } = this.spec.registry.configuration;
    if (this.#stage !== undefined && this.#version !== version) {
      const stage = this.spec.rebind(this.#site as Site);
      if (stage !== undefined) this.#stage = new FixedStage(stage as Stage<unknown>);
      this.#version = version;
    }
    if (this.#stage === undefined) {
      const { kind, registry, classify, givenName } = this.spec;
      const site = new Site(kind, registry, classify, place, givenName);
      this.#stage = new FixedStage(this.spec.bind(site) as Stage<unknown>);
      this.#site = site;
      this.#version = version;
    }
    return this.#stage;
  }
}
