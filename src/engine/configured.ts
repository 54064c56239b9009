import {
  changedOptions,
  type ConfigurationLayers,
  type ConfigurationRefusal,
  mergedLayers,
  reasonOf,
} from '../registry/configuration.js';
import type { Site } from './site.js';
import type { Stage } from './stage.js';

/** What is needed of a policy's definition. */
interface Bindable {
  kind: string;
  waits?: boolean | ((options: Readonly<object>) => boolean);
  alternatives?: readonly (readonly string[])[];
  bind(site: Site, options: Readonly<object>): Stage<never>;
}

/** What code says of a policy. */
export interface Coded {
  readonly definition: Bindable;
  /** The options as they were given. */
  readonly given: object;
  /** The same, checked, with the defaults filled in. */
  readonly own: Readonly<object>;
  check(given: object): Readonly<object>;
}

/**
 * Binds a policy to a place by what the configuration says of it there: the place's own name before code, code before
 * what is said of all. What makes no sense together is told of, and the policy goes by its code.
 */
export function bindConfigured(site: Site, code: Coded): Stage<never> {
  site.code = code.own;
  const { configuration } = site.registry;
  // What was never configured is bound once.
  if (configuration.version === 0) return bindAs(site, code, code.own);
  const refusals: ConfigurationRefusal[] = [];
  const stage = tryToBind(site, code, (refusal) => refusals.push(refusal)) ?? bindAs(site, code, code.own);
  // Not before: where not even the code holds, it is the code that is wrong, and that is thrown.
  for (const refusal of refusals) configuration.refuse(refusal);
  return stage;
}

/**
 * Binds it anew where the configuration says otherwise by now; undefined where nothing changes, or where what has changed
 * is refused: then it goes on as it was.
 */
export function rebindConfigured(site: Site, code: Coded): Stage<never> | undefined {
  return tryToBind(site, code, (refusal) => site.registry.configuration.refuse(refusal));
}

/** Whether calls have to be answered with promises. */
export function waitsWith<Options extends object>(
  { waits = false }: { waits?: boolean | ((options: Readonly<Options>) => boolean) },
  options: Readonly<Options>,
): boolean {
  return typeof waits === 'function' ? waits(options) : waits;
}

function layersAt(site: Site): ConfigurationLayers | undefined {
  const { kind, name, ownName, registry } = site;
  const { configuration } = registry;
  // What bears a name goes by it alone: it may be shared by other places.
  if (ownName !== name && configuration.settings?.namedFor(kind, name) !== undefined) {
    const reason = `the ${kind} of ${name} bears the name '${ownName}': it is configured under that`;
    configuration.refuse({ kind, name, options: [], reason });
  }
  return configuration.layersFor(kind, ownName);
}

function tryToBind(site: Site, code: Coded, refuse: (refusal: ConfigurationRefusal) => void): Stage<never> | undefined {
  const { kind, ownName: name, options: before = code.own } = site;
  const layers = layersAt(site);
  let changed: string[] = [];
  try {
    const options = layers === undefined ? code.own : effective(code, layers);
    changed = changedOptions(before || {}, options || {});
    const isAsBefore = (before === false) === (options === false) && changed.length === 0;
    if (site.options !== undefined && isAsBefore) return undefined;
    // Also where nothing is said any more: a part that is there may still go by what was.
    site.version = site.registry.configuration.version;
    return bindAs(site, code, options);
  } catch (error) {
    site.version = 0;
    refuse({ kind, name, options: changed, reason: reasonOf(error) });
    return undefined;
  }
}

function bindAs(site: Site, { definition }: Coded, options: Readonly<object> | false): Stage<never> {
  site.binding = options || {};
  const stage = options === false ? {} : definition.bind(site, options);
  site.options = options;
  return stage;
}

/** The options of all layers; `false` where the policy is switched off. */
function effective(code: Coded, { under, over }: ConfigurationLayers): Readonly<object> | false {
  if (over === false) return false;
  const { definition, given, own } = code;
  const options = code.check(mergedLayers([under, given, over], definition.alternatives));
  if (waitsWith(definition, options) && !waitsWith(definition, own)) {
    throw new TypeError(`${definition.kind}: these options make calls wait, which those in the code do not`);
  }
  return options;
}
