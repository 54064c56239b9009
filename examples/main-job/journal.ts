import type { EventType, Registry, RegistryEvent } from './holdfast.js';

/** Something that was decided, as the view shows it. */
export interface Decision {
  /** The last time, in ms since 1970. */
  readonly at: number;
  readonly text: string;
  /** How often. */
  readonly times: number;
}

/** Different ones. */
const KEPT = 50;

/** What is told of an event; those without a line are counted only. */
const LINES: { readonly [Type in EventType]?: (event: RegistryEvent<Type>) => string } = {
  'breaker:state': ({ name, from, to, reason }) => `${name}: ${from} → ${to}, ${reason}`,
  'call:rejected': ({ site, name }) => `${site}: rejected by ${name}`,
  'call:retry': ({ site, attempt, error }) => `${site}: attempt ${attempt} failed (${wordOf(error)}), retried`,
  'call:recovered': ({ site }) => `${site}: a retry came through`,
  'call:exhausted': ({ site, error }) => `${site}: retries ended (${wordOf(error)})`,
  'call:timeout': ({ site, timeoutMs }) => `${site}: no answer within ${timeoutMs} ms`,
  'call:deadline': ({ site, timeoutMs }) => `${site}: the whole call took more than ${timeoutMs} ms`,
  'call:fallback': ({ site }) => `${site}: answered by the fallback`,
  'cache:stale': ({ name }) => `${name}: served past its time, the upstream has no answer`,
  'deadLetter:added': ({ name, site }) => `${name}: a failed ${site} was kept`,
  'deadLetter:redriven': ({ name }) => `${name}: a kept call came through`,
  'deadLetter:redriveFailed': ({ name, error }) => `${name}: a kept call failed again (${wordOf(error)})`,
  'error:critical': ({ site, error }) => `${site}: critical, ${wordOf(error)}`,
};

/** Listens to a registry: counts its events, and remembers the last decisions and why each breaker is where it is. */
export class Journal {
  readonly #registry: Registry;
  readonly #counts = new Map<EventType, number>();
  readonly #reasons = new Map<string, string>();
  #decisions: Decision[] = [];

  constructor(registry: Registry) {
    this.#registry = registry;
    registry.on('*', this.#note);
  }

  /** How many events of a type there were. */
  count(type: EventType): number {
    return this.#counts.get(type) ?? 0;
  }

  /** Why the breaker of that name is in the state it is in; undefined while it has never left the first. */
  reasonOf(breaker: string): string | undefined {
    return this.#reasons.get(breaker);
  }

  /** The last decisions, the newest last. */
  last(count: number): readonly Decision[] {
    return this.#decisions.slice(-count);
  }

  close(): void {
    this.#registry.off('*', this.#note);
  }

  readonly #note = (event: RegistryEvent): void => {
    this.#counts.set(event.type, this.count(event.type) + 1);
    if (event.type === 'breaker:state') this.#reasons.set(event.name, event.reason);
    const text = (LINES[event.type] as ((event: RegistryEvent) => string) | undefined)?.(event);
    if (text === undefined) return;
    const times = 1 + (this.#decisions.find((decision) => decision.text === text)?.times ?? 0);
    const others = this.#decisions.filter((decision) => decision.text !== text).slice(1 - KEPT);
    this.#decisions = [...others, { at: event.at, text, times }];
  };
}

/** An error in a word or two: its code, or its cause's, or its message. */
function wordOf(error: unknown): string {
  const { code, cause, message } = error as { code?: unknown; cause?: { code?: unknown }; message?: string };
  return String(code ?? cause?.code ?? message ?? error);
}
