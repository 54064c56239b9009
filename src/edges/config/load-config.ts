import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { durationMs, flag } from '../../base/option-rules.js';
import { checkOptions, type OptionRules, show } from '../../base/options.js';
import { registry as shared } from '../../registry/default-registry.js';
import { type ApplyConfigOptions, type ApplyTarget, applyRules, applyTree, failed } from './apply-config.js';
import { ConfigError } from './config-error.js';
import type { ConfigReport } from './config-report.js';
import { FileWatch } from './file-watch.js';
import { type ParsedSource, parseJson } from './json-source.js';
import { loadYaml, parseYaml } from './yaml-source.js';

/** How a file is loaded. */
export interface LoadConfigOptions extends ApplyConfigOptions {
  /** Whether it is loaded again by itself when it has changed. @default false */
  watch?: boolean;
  /** How long after a change it is looked at, in ms: editors write in several steps. @default 200 */
  debounceMs?: number;
}

const loadRules: OptionRules<LoadConfigOptions> = {
  ...applyRules,
  watch: flag({ default: false }),
  debounceMs: durationMs({ default: 200 }),
};

/** A configuration that was loaded from a file and holds. */
export interface LoadedConfig {
  readonly path: string;
  /** What came of it when it was last applied. */
  readonly report: ConfigReport;
  /** Why the file could not be taken when it was last read, and what held before goes on to; undefined when it was taken. */
  readonly lastError: Error | undefined;
  /**
   * Loads the file again and applies it; calls under way end by what held when they began.
   * @throws {ConfigError} with all that is wrong; then what held goes on to
   */
  reload(): Promise<ConfigReport>;
  /** Watches the file no more; what was applied goes on to hold. */
  close(): void;
  [Symbol.dispose](): void;
}

/**
 * Loads a configuration from a file of YAML or JSON, checks all of it, and applies it: see `applyConfig`.
 * @throws {ConfigError} with all that is wrong, each with its line; then nothing has changed
 * @throws {Error} for YAML where the package `yaml` is not installed, with the command that installs it
 * @example const config = await loadConfig('holdfast.yaml', { watch: true });
 */
export async function loadConfig(path: string, options: LoadConfigOptions = {}): Promise<LoadedConfig> {
  if (typeof path !== 'string' || path === '')
    throw new TypeError(`loadConfig takes the path of a file, got ${show(path)}`);
  const checked = checkOptions<LoadConfigOptions>('loadConfig', loadRules, options);
  const { registry = shared, env = process.env, watch, debounceMs = 200 } = checked;
  const config = new FileConfig(path, { registry, env, file: basename(path) });
  await config.reload();
  if (watch === true) config.watch(debounceMs);
  return config;
}

class FileConfig implements LoadedConfig {
  readonly path: string;
  lastError: Error | undefined = undefined;
  readonly #target: ApplyTarget;
  #report: ConfigReport | undefined = undefined;
  #text = '';
  #watch: FileWatch | undefined = undefined;
  #loading: Promise<unknown> = Promise.resolve();
  readonly #end = () => this.close();

  constructor(path: string, target: ApplyTarget) {
    this.path = path;
    this.#target = target;
  }

  get report(): ConfigReport {
    return this.#report as ConfigReport;
  }

  /** One after the other: the file that was read last is the one that holds. */
  reload(): Promise<ConfigReport> {
    const loading = this.#loading.then(() => this.#load(() => true));
    this.#loading = loading.catch(() => {});
    return loading.then(() => this.report);
  }

  watch(debounceMs: number): void {
    const { registry, file } = this.#target;
    const look = () => {
      // Many things happen in a folder: only another text is worth a word, and none once nobody watches.
      const isWorthIt = (text: string) => text !== this.#text && this.#watch !== undefined;
      this.#loading = this.#loading.then(() => this.#load(isWorthIt)).catch(() => {});
    };
    this.#watch = new FileWatch(this.path, {
      clock: registry.clock,
      debounceMs,
      look,
      failed: (error) => {
        this.lastError = failed(registry, error, file) as Error;
      },
    });
    registry.once('registry:closed', this.#end);
  }

  close(): void {
    this.#watch?.close();
    this.#watch = undefined;
    this.#target.registry.off('registry:closed', this.#end);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #load(isWorthIt: (text: string) => boolean): Promise<void> {
    try {
      await this.#apply(isWorthIt);
    } catch (error) {
      this.lastError = error as Error;
      throw error;
    }
  }

  async #apply(isWorthIt: (text: string) => boolean): Promise<void> {
    const { registry, file } = this.#target;
    let source: ParsedSource;
    try {
      const text = await readText(this.path, file);
      if (!isWorthIt(text)) return;
      this.#text = text;
      source = await parse(this.path, text);
      if (source.root === undefined) throw new ConfigError(source.faults, file);
    } catch (error) {
      throw failed(registry, error, file);
    }
    this.#report = applyTree(source.root, this.#target);
    this.lastError = undefined;
  }
}

async function readText(path: string, file: string | undefined): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const message = `the file cannot be read: ${(error as Error).message}`;
    throw new ConfigError([{ path: '', message }], file, { cause: error });
  }
}

async function parse(path: string, text: string): Promise<ParsedSource> {
  const ending = extname(path).toLowerCase();
  if (ending === '.json') return parseJson(text);
  if (ending === '.yaml' || ending === '.yml') return parseYaml(text, await loadYaml());
  throw new TypeError(`loadConfig takes a file of YAML or JSON, named .yaml, .yml or .json, got ${show(path)}`);
}
