import type { Registry } from '../../registry/registry.js';
import type { HoldfastService } from './holdfast-service.js';
import type { CheckedOptions } from './module-options.js';

/** How many applications use each registry: the last to end closes it. */
const users = new WeakMap<Registry, number>();

/** Ties the registry to the life of the application. */
export class RegistryLifecycle {
  readonly #registry: Registry;
  readonly #onShutdown: CheckedOptions['onShutdown'];
  readonly #service: HoldfastService;
  #isUsing = false;

  constructor(service: HoldfastService, { onShutdown }: CheckedOptions) {
    this.#registry = service.registry;
    this.#onShutdown = onShutdown;
    this.#service = service;
  }

  /**
   * Makes what bears policies known, before the first request.
   * @throws {Error} for a registry that another application has closed
   */
  onModuleInit(): void {
    if (this.#registry.closed) {
      throw new Error(
        'HoldfastModule: the registry is closed, by an application that has ended; ' +
          "give each application a registry of its own, or `onShutdown: 'leave'`",
      );
    }
    users.set(this.#registry, (users.get(this.#registry) ?? 0) + 1);
    this.#isUsing = true;
    this.#service.members();
  }

  /** Requests have ended by now: what closes the registry earlier would reject them. */
  async onApplicationShutdown(): Promise<void> {
    if (!this.#isUsing) return;
    this.#isUsing = false;
    const left = (users.get(this.#registry) ?? 1) - 1;
    users.set(this.#registry, left);
    if (left === 0 && this.#onShutdown === 'close') await this.#registry.close();
  }
}
