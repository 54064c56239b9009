import type { Place } from './place.js';
import { Site } from './site.js';
import type { Spec } from './spec.js';
import type { Stage } from './stage.js';

/** One policy applied to one place: bound once, whichever wrappers of the place are called. */
export class Application {
  readonly spec: Spec;
  #stage: Stage<unknown> | undefined = undefined;

  constructor(spec: Spec) {
    this.spec = spec;
  }

  /** Makes the policy's part at this place, or finds it by its name. */
  bind(place: Place): Stage<unknown> {
    if (this.#stage === undefined) {
      const { kind, registry, classify, givenName } = this.spec;
      this.#stage = this.spec.bind(new Site(kind, registry, classify, place, givenName)) as Stage<unknown>;
    }
    return this.#stage;
  }
}
