import type { Registry } from './registry.js';

/** An id that sorts by time within what it is of, and tells batches of one moment apart. */
export function newBatchId({ clock, random }: Pick<Registry, 'clock' | 'random'>, of = 'batch'): string {
  const chance = Math.floor(random() * 36 ** 6).toString(36);
  return `${of}-${Math.floor(clock.wallNow()).toString(36)}-${chance.padStart(6, '0')}`;
}
