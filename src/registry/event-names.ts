import { nearest } from '../base/nearest.js';
import { show } from '../base/options.js';
import type { EventType } from './events.js';

/** The toolkit's own events; those of a policy of one's own are known to the compiler alone. */
export const EVENT_NAMES: readonly EventType[] = [
  'breaker:state',
  'breaker:act',
  'breaker:shadowed',
  'call:rejected',
  'call:retry',
  'call:recovered',
  'call:exhausted',
  'call:hedge',
  'call:hedgeWon',
  'call:timeout',
  'call:deadline',
  'call:fallback',
  'call:slow',
  'call:coalesced',
  'cache:hit',
  'cache:miss',
  'cache:stale',
  'cache:refresh',
  'cache:evicted',
  'cache:expired',
  'cache:tooHeavy',
  'cache:invalidated',
  'cache:loadFailed',
  'cache:storeFailed',
  'deadLetter:added',
  'deadLetter:dropped',
  'deadLetter:expired',
  'deadLetter:parked',
  'deadLetter:argsError',
  'deadLetter:redriven',
  'deadLetter:redriveFailed',
  'deadLetter:redriveEnded',
  'deadLetter:cleared',
  'deadLetter:storeFailed',
  'retry:budgetEmpty',
  'hedge:budgetEmpty',
  'limiter:limit',
  'limiter:storeFailed',
  'batch:sent',
  'pool:createFailed',
  'pool:destroyed',
  'pool:destroyFailed',
  'stream:pageSkipped',
  'buffer:enabled',
  'buffer:disabled',
  'buffer:added',
  'buffer:dropped',
  'buffer:restored',
  'buffer:flushed',
  'buffer:cleared',
  'buffer:storeFailed',
  'metrics:folded',
  'metrics:halfFull',
  'metrics:full',
  'metrics:flushed',
  'metrics:writeFailed',
  'metrics:recovered',
  'metrics:erased',
  'health:changed',
  'chaos:injected',
  'error:critical',
  'listener:failed',
  'config:applied',
  'config:failed',
  'config:refused',
  'registry:forgotten',
  'registry:closed',
];

const ROOMS: ReadonlySet<string> = new Set(EVENT_NAMES.map(roomOf));

/**
 * Refuses what would never be heard: a listener that is no function, and a name that no event can have. One with a word
 * of its own before the colon may be the event of somebody's own policy.
 * @param doing As it stands in the error: `'registry.on'`.
 */
export function checkListening(doing: string, type: unknown, listener: unknown): void {
  if (typeof type !== 'string') throw new TypeError(`${doing} takes the name of an event or '*', got ${show(type)}`);
  const isOwn = type.includes(':') && !ROOMS.has(roomOf(type));
  if (type !== '*' && !isOwn && !(EVENT_NAMES as readonly string[]).includes(type)) {
    const meant = nearest(type, EVENT_NAMES);
    const hint =
      meant === undefined
        ? `; the name of one of your own has a word of its own before a colon`
        : `; did you mean '${meant}'?`;
    throw new TypeError(`${doing}: there is no event ${show(type)}${hint}`);
  }
  if (typeof listener === 'function') return;
  throw new TypeError(`${doing}('${type}', …) takes a function to call with each event, got ${show(listener)}`);
}

function roomOf(type: string): string {
  return type.slice(0, type.indexOf(':'));
}
