import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import type { PageRequest } from '../../src/batch/page-source.js';
import { Registry } from '../../src/registry/registry.js';

/** The numbers from 1 to `count`. */
export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** A source of so many numbers, by offset; it notes what it is asked. */
export function offsetSource(count: number): {
  fetchPage(request: PageRequest): Promise<number[]>;
  readonly asked: PageRequest[];
} {
  const all = numbers(count);
  const asked: PageRequest[] = [];
  return {
    asked,
    async fetchPage(request) {
      asked.push(request);
      return all.slice(request.offset, request.offset + request.limit);
    },
  };
}

/** The same by cursors that say nothing of their place. */
export function cursorSource(count: number): {
  fetchPage(request: PageRequest): Promise<{ items: number[]; nextCursor: string | null }>;
  readonly asked: PageRequest[];
} {
  const all = numbers(count);
  const asked: PageRequest[] = [];
  return {
    asked,
    async fetchPage(request) {
      asked.push(request);
      const from = request.cursor === undefined ? 0 : Number(atob(request.cursor));
      const next = from + request.limit;
      return { items: all.slice(from, next), nextCursor: next < count ? btoa(`${next}`) : null };
    },
  };
}

/** The same by page number. */
export function pageSource(count: number): ReturnType<typeof offsetSource> {
  const source = offsetSource(count);
  const { fetchPage } = source;
  return {
    asked: source.asked,
    fetchPage: (request) => fetchPage({ ...request, offset: (request.page - 1) * request.limit }),
  };
}

/** All items of a stream. */
export async function itemsOf<Item>(stream: AsyncIterable<{ items: readonly Item[] }>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const batch of stream) items.push(...batch.items);
  return items;
}

/** A registry with a clock that is moved by hand, and what it has told. */
export function heard(): {
  clock: ManualClock;
  registry: Registry;
  events: { type: string; [detail: string]: unknown }[];
} {
  const clock = new ManualClock();
  const registry = new Registry({ clock, random: () => 1 });
  const events: { type: string; [detail: string]: unknown }[] = [];
  registry.on('*', ({ at: _at, ...event }) => events.push({ ...event }));
  return { clock, registry, events };
}
