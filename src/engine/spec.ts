import type { Classify } from '../base/severity.js';
import type { Registry } from '../registry/registry.js';
import type { AnyPolicy } from './policy.js';
import type { Site } from './site.js';
import type { Stage } from './stage.js';

/** A policy as the engine sees it: what it is, and how it is bound to a place. */
export interface Spec {
  readonly kind: string;
  /** The policy value that users hold. */
  readonly policy: AnyPolicy;
  readonly registry: Registry;
  readonly classify: Classify;
  /** The user's own name for the policy's part in the registry. */
  readonly givenName: string | undefined;
  /** Whether calls have to be answered with promises. */
  readonly waits: boolean;
  /** Whether the function returns promises without being `async`. */
  readonly async: boolean;
  bind(site: Site): Stage<never>;
  /** Binds it anew, to the same site, if the configuration says otherwise by now; undefined where nothing changes. */
  rebind(site: Site): Stage<never> | undefined;
}
