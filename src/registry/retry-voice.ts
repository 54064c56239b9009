import type { RetryObserver } from '../retry/recover-context.js';
import type { Registry } from './registry.js';

/** Tells a registry what the retries of a service do. */
export function retryVoice(
  registry: Registry,
  source: { readonly kind: string; readonly name: string; readonly site: string },
): RetryObserver {
  return {
    retry: (event) => registry.emit('call:retry', source, event),
    recovered: (event) => registry.emit('call:recovered', source, event),
    exhausted: (event) => registry.emit('call:exhausted', source, event),
    budgetEmpty: (event) => registry.emit('retry:budgetEmpty', source, event),
  };
}
