import { breakerAlternatives } from '../../breaker/breaker-options.js';
import { mergedLayers, type ConfigurationSettings } from '../../registry/configuration.js';
import { type PresetName, presets } from '../../policies/presets.js';
import { folded } from './environment.js';
import { sections } from './vocabulary.js';

/** Options by their names. */
export type OptionValues = Readonly<Record<string, unknown>>;

/** What a configuration sets, checked, in the options' own names and units. */
export interface ConfigValues {
  preset?: PresetName;
  /** Defaults of all, by the path of their section. */
  readonly sections: Map<string, OptionValues>;
  /** Options by the name of a part and its kind; `false` switches a policy off. */
  readonly policies: Map<string, Map<string, OptionValues | false>>;
}

/** A setting, and the path it stands under. */
export type Setting = readonly [path: string, value: unknown];

/** What holds: a source, over it the environment, and beneath both what the preset says. */
export class EffectiveConfig implements ConfigurationSettings {
  readonly #sections: ReadonlyMap<string, OptionValues>;
  readonly #byName: ConfigValues['policies'];
  /** By names as variables spell them. */
  readonly #byFolded: ConfigValues['policies'];
  readonly #asked = new Set<string>();

  constructor(source: ConfigValues, environment: ConfigValues) {
    const preset = environment.preset ?? source.preset;
    const under = preset === undefined ? new Map<string, OptionValues>() : sectionsOf(preset);
    const layers = [under, source.sections, environment.sections];
    const paths = [...sections.keys()].filter((path) => layers.some((layer) => layer.has(path)));
    this.#sections = new Map(paths.map((path) => [path, mergedSection(layers.map((layer) => layer.get(path) ?? {}))]));
    this.#byName = source.policies;
    this.#byFolded = environment.policies;
  }

  defaultsFor(kind: string): object | undefined {
    for (const [path, kinds] of sections) {
      const values = kinds.includes(kind) ? this.#sections.get(path) : undefined;
      if (values !== undefined) return values;
    }
    return undefined;
  }

  namedFor(kind: string, name: string): object | false | undefined {
    const key = folded(name);
    const exact = this.#byName.get(name)?.get(kind);
    const foldedOnes = this.#byFolded.get(key)?.get(kind);
    if (exact !== undefined) this.#asked.add(pathOf(name, kind));
    if (foldedOnes !== undefined) this.#asked.add(pathOf(key, kind));
    return bothOf(exact, foldedOnes);
  }

  /** What names set, as it holds, to be checked as a whole. */
  named(): (readonly [path: string, kind: string, values: OptionValues])[] {
    const ofSource = [...this.#byName].flatMap(([name, kinds]) =>
      [...kinds].map(([kind, own]) => {
        const both = bothOf(own, this.#byFolded.get(folded(name))?.get(kind));
        return [pathOf(name, kind), kind, both || {}] as const;
      }),
    );
    const ofVariables = [...this.#byFolded].flatMap(([name, kinds]) =>
      [...kinds].map(([kind, own]) => [pathOf(name, kind), kind, own || {}] as const),
    );
    return [...ofSource, ...ofVariables];
  }

  /** A section as it holds, to be checked as a whole. */
  section(path: string): OptionValues | undefined {
    return this.#sections.get(path);
  }

  /** What is said of names that no policy or service has asked for yet. */
  unused(): string[] {
    const all = [this.#byName, this.#byFolded].flatMap((named) =>
      [...named].flatMap(([name, kinds]) => [...kinds.keys()].map((kind) => pathOf(name, kind))),
    );
    return all.filter((path) => !this.#asked.has(path)).sort();
  }

  /** Each setting with its path, sorted. */
  flat(): Setting[] {
    const flat: Setting[] = [];
    const add = (path: string, values: OptionValues | false) => {
      if (values === false) flat.push([path, false]);
      else for (const [option, value] of Object.entries(values)) flat.push([`${path}.${option}`, value]);
    };
    for (const [path, values] of this.#sections) add(path, values);
    for (const named of [this.#byName, this.#byFolded]) {
      for (const [name, kinds] of named) for (const [kind, values] of kinds) add(pathOf(name, kind), values);
    }
    return flat.sort(([left], [right]) => (left < right ? -1 : 1));
  }
}

/** Where a part's own options stand. */
export function pathOf(name: string, kind: string): string {
  return `policies.${name}.${kind}`;
}

/** What a source says of a name, and over it what the environment does. */
function bothOf(
  exact: OptionValues | false | undefined,
  over: OptionValues | false | undefined,
): OptionValues | false | undefined {
  if (over === undefined || exact === undefined) return over ?? exact;
  return over === false || exact === false ? over : mergedSection([exact, over]);
}

/** The later before the earlier; a window and a threshold exclude each other. */
function mergedSection(layers: readonly OptionValues[]): OptionValues {
  return Object.freeze(mergedLayers(layers, breakerAlternatives));
}

/** A preset as sections. Where it has no breaker, it leaves those alone that code asks for. */
function sectionsOf(name: PresetName): Map<string, OptionValues> {
  const { timeout, retry, circuitBreaker, buffer, cache, batch, streaming, metrics } = presets[name];
  const values = {
    streaming,
    caching: cache,
    batchProcessing: batch,
    metrics,
    buffering: buffer,
    'recovery.retry': retry,
    'recovery.timeout': timeout,
    ...(circuitBreaker !== false && { 'recovery.circuitBreaker': circuitBreaker }),
  };
  return new Map(Object.entries(values as Record<string, OptionValues>));
}
