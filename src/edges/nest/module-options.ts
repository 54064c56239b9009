import { callback, oneOf } from '../../base/option-rules.js';
import { checkOptions, type OptionRules } from '../../base/options.js';
import { commonRules } from '../../engine/common-options.js';
import { type PresetName, presets } from '../../policies/presets.js';
import type { Registry } from '../../registry/registry.js';
import type { ModuleMetadata } from '@nestjs/common';

/** What the module works with. */
export interface HoldfastOptions {
  /** The registry that is injected, watched and closed; policies that are given no `registry` use the shared one. @default the shared registry */
  registry?: Registry;
  /** What `HoldfastService.resilient` starts from. @default none */
  preset?: PresetName;
  /** What becomes of the registry at shutdown; once it is closed its policies reject every call. @default 'close' */
  onShutdown?: 'close' | 'leave';
}

/** How the module is built into the application. */
export interface HoldfastFilterOptions {
  /** Whether `HoldfastExceptionFilter` answers for the whole application, or only where `@UseFilters` names it. @default 'global' */
  exceptionFilter?: 'global' | 'none';
}

/** What `HoldfastModule.forRoot` takes. */
export interface HoldfastModuleOptions extends HoldfastOptions, HoldfastFilterOptions {}

/** What `HoldfastModule.forRootAsync` takes. */
export interface HoldfastAsyncOptions extends HoldfastFilterOptions {
  /** Modules whose exports the factory is given. */
  imports?: NonNullable<ModuleMetadata['imports']>;
  /** The providers that the factory is given. */
  inject?: (Function | string | symbol)[];
  /** Gives the options, at once or later. */
  useFactory: (...injected: never[]) => HoldfastOptions | Promise<HoldfastOptions>;
}

/** What the rest of the module is given. */
export interface CheckedOptions extends HoldfastOptions {
  readonly onShutdown: 'close' | 'leave';
}

const OWNER = 'HoldfastModule';

const optionRules: OptionRules<HoldfastOptions> = {
  registry: commonRules.registry,
  preset: oneOf(Object.keys(presets) as PresetName[]),
  onShutdown: oneOf(['close', 'leave'], { default: 'close' }),
};

const filterRules: OptionRules<HoldfastFilterOptions> = {
  exceptionFilter: oneOf(['global', 'none'], { default: 'global' }),
};

const asyncRules: OptionRules<HoldfastAsyncOptions> = {
  ...filterRules,
  imports: { takes: 'an array of modules', type: Array.isArray },
  inject: { takes: 'an array of tokens', type: Array.isArray },
  useFactory: callback({ required: true }),
};

/**
 * Checks what the module works with.
 * @throws {TypeError | RangeError} for options that are not as they should be
 */
export function checkHoldfastOptions(options: HoldfastOptions): CheckedOptions {
  return checkOptions(OWNER, optionRules, options) as CheckedOptions;
}

/** The same for `forRoot`. */
export function checkModuleOptions(options: HoldfastModuleOptions): CheckedOptions & HoldfastFilterOptions {
  return checkOptions(OWNER, { ...optionRules, ...filterRules }, options) as CheckedOptions & HoldfastFilterOptions;
}

/** The same for `forRootAsync`. */
export function checkAsyncOptions(options: HoldfastAsyncOptions): HoldfastAsyncOptions {
  return checkOptions(OWNER, asyncRules, options);
}
