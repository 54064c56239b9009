/** Who asked for something to be removed, and why. */
export interface CacheAct {
  /** Who: a person, a program. */
  owner?: string | undefined;
  /** Why. */
  reason?: string | undefined;
}

/** What a {@link Cache} did. Keys are as text, times in ms. */
export type CacheEvent =
  /** A fresh value was handed out. */
  | { readonly type: 'hit'; readonly key: string; readonly ageMs: number; readonly ttlLeftMs: number }
  /** Nothing could be handed out; `shared` says that a load under way was joined. */
  | { readonly type: 'miss'; readonly key: string; readonly shared: boolean }
  /** A value past its time was handed out: it is being refreshed, or its load failed. `ttlLeftMs` is negative. */
  | {
      readonly type: 'stale';
      readonly key: string;
      readonly ageMs: number;
      readonly ttlLeftMs: number;
      readonly because: 'revalidating' | 'load-failed';
    }
  /** A load was started behind a value that was handed out. */
  | { readonly type: 'refresh'; readonly key: string; readonly because: 'stale' | 'early' }
  /** An entry went for its age. */
  | { readonly type: 'expired'; readonly key: string; readonly ageMs: number }
  /** An entry went for space. */
  | { readonly type: 'evicted'; readonly key: string }
  /** A value was not held, because it is heavier than all entries may be together. */
  | { readonly type: 'tooHeavy'; readonly key: string; readonly weight: number; readonly maxWeight: number }
  /** Entries went on request: one key's, those of a pattern or a tag, or all. */
  | ({
      readonly type: 'invalidated';
      readonly key?: string;
      readonly pattern?: string;
      readonly tag?: string;
      readonly count: number;
    } & CacheAct)
  /** A load failed. */
  | { readonly type: 'loadFailed'; readonly key: string; readonly error: unknown }
  /** The remote store failed, or did not answer in time. */
  | {
      readonly type: 'storeFailed';
      readonly operation: StoreOperation;
      readonly key?: string;
      readonly error: unknown;
    };

/** What a remote store was asked for. */
export type StoreOperation = 'get' | 'set' | 'delete' | 'invalidate' | 'clear';

/**
 * Hears what a cache did.
 * @param whose For a stale answer, what stands for its call: the caller, or what its load gave that failed.
 */
export type CacheListener = (event: CacheEvent, whose?: object) => void;

/** Where a cache's events go. */
export interface EventSink {
  /** Read at each event, so it may be set and taken away; while it is undefined no event is even made. */
  readonly onEvent?: CacheListener | undefined;
  /** Says whether anyone hears of hits: a hit has no time to ask for the listener. @default somebody does, if there is an `onEvent` */
  readonly hits?: { readonly heard: boolean } | undefined;
  /** Told, while `onEvent` is undefined, of what is no plain work of a cache: a stale answer, a store that failed. */
  readonly onDecision?: CacheListener | undefined;
}
