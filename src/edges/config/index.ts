/**
 * Configuration from YAML, JSON, objects and the environment.
 * @module
 */
export { applyConfig, type ApplyConfigOptions } from './apply-config.js';
export { ConfigError, type ConfigFault } from './config-error.js';
export type { ConfigObject, ConfigSection, ConfigSections } from './config-object.js';
export type { ConfigChange, ConfigRefusal, ConfigReport } from './config-report.js';
export type { Whereabouts } from './config-tree.js';
export type { Environment } from './environment.js';
export { loadConfig, type LoadConfigOptions, type LoadedConfig } from './load-config.js';
export { type Preset, type PresetName, presets } from '../../policies/presets.js';
export type {
  Configurable,
  Configuration,
  ConfigurationLayers,
  ConfigurationRefusal,
  ConfigurationSettings,
} from '../../registry/configuration.js';
