import type { Classify } from '../base/severity.js';
import type { CacheContext, KeyText } from '../cache/cache-context.js';
import type { CacheEvent } from '../cache/cache-events.js';
import type { Source } from './decisions.js';
import type { Registry } from './registry.js';

/** What a cache of a registry takes from it: time, chance, and a place for its events. */
export function cacheContext(
  registry: Registry,
  kind: string,
  name: string,
  classify?: Classify,
  keys?: KeyText,
): CacheContext {
  const { clock, random } = registry;
  const source = { kind, name, site: name };
  const hit = registry.topic('cache:hit');
  const others = OTHERS.map((type) => registry.topic(type));
  const onEvent = (event: CacheEvent, whose?: { readonly callId?: string }) => {
    const callId = whose?.callId;
    announce(registry, callId === undefined ? source : { ...source, callId }, event);
  };
  return {
    clock,
    random,
    classify,
    keys,
    onDecision: onEvent,
    hits: hit,
    // Read at each event: while nobody listens, none is made.
    get onEvent() {
      return hit.heard || others.some((topic) => topic.heard) ? onEvent : undefined;
    },
  };
}

const OTHERS = [
  'cache:miss',
  'cache:stale',
  'cache:refresh',
  'cache:expired',
  'cache:evicted',
  'cache:tooHeavy',
  'cache:invalidated',
  'cache:loadFailed',
  'cache:storeFailed',
] as const;

function announce(registry: Registry, source: Source, event: CacheEvent): void {
  const { type, ...details } = event;
  registry.emit(`cache:${type}`, source, details as never);
}
