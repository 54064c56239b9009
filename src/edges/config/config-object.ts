import type { BatchProcessorOptions } from '../../registry/batch-processor.js';
import type { CacheOptions } from '../../cache/cache-options.js';
import type { CircuitBreakerOptions } from '../../breaker/breaker-options.js';
import type { CollectorOptions } from '../../metrics/collector-options.js';
import type { PageStreamOptions } from '../../batch/stream-options.js';
import type { PresetName } from '../../policies/presets.js';
import type { RetryOptions } from '../../retry/retry-options.js';
import type { SendBufferOptions } from '../../buffer/send-buffer-options.js';

/** Plain values by name; which names there are is checked as it is applied, and the page on configuration lists them. */
export interface ConfigSection {
  readonly [name: string]: unknown;
}

/** Defaults of all, by what they are for. Sections and options may be written in snake_case too. */
export interface ConfigSections {
  streaming?:
    | Pick<PageStreamOptions, 'batchSize' | 'prefetch' | 'concurrency' | 'maxRetries' | 'memoryLimitMb'>
    | ConfigSection;
  caching?: Omit<CacheOptions, 'name' | 'store' | 'cacheIf'> | ConfigSection;
  batchProcessing?: Omit<BatchProcessorOptions, 'name' | 'registry' | 'classify' | 'retry'> | ConfigSection;
  metrics?: Omit<CollectorOptions, 'name'> | ConfigSection;
  buffering?: (Omit<SendBufferOptions<never>, 'name' | 'send' | 'store'> & { enabled?: boolean }) | ConfigSection;
  recovery?:
    | {
        circuitBreaker?: Omit<CircuitBreakerOptions, 'name' | 'key'> | ConfigSection;
        retry?: RetryOptions | ConfigSection;
        timeout?: { ms?: number; grace?: 'abort' | 'detach' } | ConfigSection;
      }
    | ConfigSection;
}

/**
 * What a configuration says. All of it may be left out; `advanced_features` holds the sections too, as in files that are
 * there already.
 */
export interface ConfigObject extends ConfigSections {
  /** Sets all sections; what stands in a section goes before it. */
  preset?: PresetName;
  /** Options of single policies and services: by their name, and by their kind below it. `false` switches a policy off. */
  policies?: { readonly [name: string]: { readonly [kind: string]: ConfigSection | false } };
  /** The sections, as in files that are there already. */
  advancedFeatures?: ConfigSections | ConfigSection;
  /** The same in snake_case, as other names may be. */
  readonly [name: string]: unknown;
}
