import { callback, flag, having } from '../base/option-rules.js';
import type { OptionRules } from '../base/options.js';
import type { Classify } from '../base/severity.js';
import type { Registry } from '../registry/registry.js';

/** What every policy takes beside its own options. */
export interface CommonOptions {
  /** Where the policy's state and events live. @default the shared `registry` */
  registry?: Registry;
  /** Decides how bad an error is. @default the toolkit's `classify` */
  classify?: Classify;
  /**
   * Says that the function returns promises without being `async`, so that it is never answered by a synchronous throw.
   * @default false
   */
  async?: boolean;
}

/** The rules of the common options. */
export const commonRules: OptionRules<CommonOptions> = {
  registry: having('a Registry', ['snapshot', 'topic', 'emit', 'close']),
  classify: callback(),
  async: flag(),
};
