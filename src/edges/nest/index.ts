/**
 * NestJS: the registry as a provider, members known from the start, answers to rejected calls, health, shutdown.
 * @module
 */
export type { DecoratedMember } from './decorated-members.js';
export { HoldfastExceptionFilter } from './exception-filter.js';
export { HoldfastHealthIndicator, type HealthIndicatorOptions, type HealthResult } from './health-indicator.js';
export { HoldfastModule } from './holdfast-module.js';
export { HoldfastService } from './holdfast-service.js';
export type {
  HoldfastAsyncOptions,
  HoldfastFilterOptions,
  HoldfastModuleOptions,
  HoldfastOptions,
} from './module-options.js';
