import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { seededRandom } from '../../src/base/random.js';
import type { DeadLetterFailure } from '../../src/dead-letter/dead-letter-entry.js';
import type { DeadLetterEvent } from '../../src/dead-letter/dead-letter-event.js';
import type { DeadLetterContext, DeadLetterOptions } from '../../src/dead-letter/dead-letter-options.js';
import { DeadLetterQueue } from '../../src/dead-letter/dead-letter-queue.js';

export const WALL = Date.UTC(2026, 0, 1);

/** A queue under a hand-moved clock, and what it tells. */
export function setUp(options: DeadLetterOptions = {}, context: DeadLetterContext = {}) {
  const clock = new ManualClock({ wallMs: WALL });
  const events: DeadLetterEvent[] = [];
  const onEvent = (event: DeadLetterEvent) => void events.push(event);
  const queue = new DeadLetterQueue(options, { clock, random: seededRandom(1), onEvent, ...context });
  const told = (type: DeadLetterEvent['type']) => events.filter((event) => event.type === type);
  return { clock, queue, events, told };
}

/** A failure of `site('arg')`. */
export function failure(given: Partial<DeadLetterFailure> = {}): DeadLetterFailure {
  return { site: 'Orders.place', args: ['arg'], error: new Error('down'), attempts: 1, ...given };
}
