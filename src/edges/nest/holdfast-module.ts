import type { DynamicModule, Provider } from '@nestjs/common';
import { DeadlineExceededError, RejectedError, TimeoutError } from '../../base/errors.js';
import { Registry } from '../../registry/registry.js';
import type { ScannedModule } from './decorated-members.js';
import { HoldfastExceptionFilter } from './exception-filter.js';
import { HoldfastHealthIndicator } from './health-indicator.js';
import { HoldfastService } from './holdfast-service.js';
import {
  type CheckedOptions,
  checkAsyncOptions,
  checkHoldfastOptions,
  checkModuleOptions,
  type HoldfastAsyncOptions,
  type HoldfastModuleOptions,
  type HoldfastOptions,
} from './module-options.js';
import { loadPeers, type Peers } from './peers.js';
import { RegistryLifecycle } from './registry-lifecycle.js';

const OPTIONS = Symbol('holdfast options');
const STREAMS = Symbol('rxjs, for holdfast');

/**
 * The toolkit in an application of NestJS. It provides, everywhere, {@link Registry}, {@link HoldfastService},
 * {@link HoldfastHealthIndicator} and {@link HoldfastExceptionFilter}; names every decorated member before the first
 * request; and closes the registry once the last request has ended.
 */
// oxlint-disable-next-line typescript/no-extraneous-class, unicorn/no-static-only-class -- NestJS takes modules as classes
export class HoldfastModule {
  /**
   * The module, with options that are known.
   * @throws {TypeError | RangeError} for options that are not as they should be
   * @throws {Error} where NestJS is not installed
   * @example @Module({ imports: [HoldfastModule.forRoot({ preset: 'production' })] })
   */
  static async forRoot(options: HoldfastModuleOptions = {}): Promise<DynamicModule> {
    const { exceptionFilter, ...checked } = checkModuleOptions(options);
    const peers = await loadPeers();
    return moduleOf(peers, exceptionFilter, { provide: OPTIONS, useValue: checked });
  }

  /**
   * The module, with options that a factory makes of what is injected into it.
   * @throws {TypeError} for options that are not as they should be
   * @throws {Error} where NestJS is not installed
   * @example
   * HoldfastModule.forRootAsync({
   *   inject: [ConfigService],
   *   useFactory: (config: ConfigService) => ({ preset: config.getOrThrow('PRESET') }),
   * });
   */
  static async forRootAsync(options: HoldfastAsyncOptions): Promise<DynamicModule> {
    const { imports = [], inject = [], useFactory, exceptionFilter } = checkAsyncOptions(options);
    const peers = await loadPeers();
    const make = useFactory as (...injected: unknown[]) => HoldfastOptions | Promise<HoldfastOptions>;
    const provider = {
      provide: OPTIONS,
      inject: inject as (string | symbol)[],
      useFactory: async (...injected: unknown[]) => checkHoldfastOptions(await make(...injected)),
    };
    return { ...moduleOf(peers, exceptionFilter, provider), imports };
  }
}

function moduleOf(
  peers: Peers,
  exceptionFilter: HoldfastModuleOptions['exceptionFilter'],
  options: Provider,
): DynamicModule {
  const { core, rxjs } = peers;
  prepareFilter(peers);
  const filter = { provide: core.APP_FILTER, useExisting: HoldfastExceptionFilter };
  return {
    module: HoldfastModule,
    global: true,
    providers: [
      options,
      {
        provide: HoldfastService,
        inject: [OPTIONS, core.ModulesContainer],
        useFactory: (checked: CheckedOptions, modules: ReadonlyMap<string, ScannedModule>) =>
          new HoldfastService(checked, { [Symbol.iterator]: () => modules.values() }),
      },
      {
        provide: RegistryLifecycle,
        inject: [HoldfastService, OPTIONS],
        useFactory: (service: HoldfastService, checked: CheckedOptions) => new RegistryLifecycle(service, checked),
      },
      { provide: Registry, inject: [HoldfastService], useFactory: ({ registry }: HoldfastService) => registry },
      {
        provide: HoldfastHealthIndicator,
        inject: [Registry],
        useFactory: (registry: Registry) => new HoldfastHealthIndicator(registry),
      },
      { provide: STREAMS, useValue: rxjs },
      HoldfastExceptionFilter,
      ...(exceptionFilter === 'none' ? [] : [filter]),
    ],
    exports: [Registry, HoldfastService, HoldfastHealthIndicator, HoldfastExceptionFilter, STREAMS],
  };
}

/** What decorators would say of the filter, had they been there when its class was made. */
function prepareFilter({ common, core }: Peers): void {
  common.Catch(RejectedError, TimeoutError, DeadlineExceededError)(HoldfastExceptionFilter);
  common.Inject(core.HttpAdapterHost)(HoldfastExceptionFilter, undefined, 0);
  common.Inject(STREAMS)(HoldfastExceptionFilter, undefined, 1);
}
