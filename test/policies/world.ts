import { ManualClock } from '../../src/edges/testing/index.js';
import { callContext, type EventType, Registry, type RegistryEvent } from '../../src/index.js';

/** A world of its own: a clock, a registry, and the options that bind a policy to it. */
export interface World {
  readonly clock: ManualClock;
  readonly registry: Registry;
  readonly own: { readonly registry: Registry };
  /** Collects the events of a type from now on. */
  hear<Type extends EventType>(type: Type): RegistryEvent<Type>[];
}

export const WALL_MS: number = Date.UTC(2026, 0, 1);

export function world(): World {
  const clock = new ManualClock({ wallMs: WALL_MS });
  const registry = new Registry({ clock, random: () => 0.5 });
  const hear = <Type extends EventType>(type: Type): RegistryEvent<Type>[] => {
    const heard: RegistryEvent<Type>[] = [];
    registry.on(type, (event) => void heard.push(event as RegistryEvent<Type>));
    return heard;
  };
  return { clock, registry, own: { registry }, hear };
}

/** A function that fails as often as it is told, and counts its runs. */
export function failing(times: number, make: () => unknown = () => new Error('down')) {
  const state = { runs: 0 };
  const fn = async (value = 'value'): Promise<string> => {
    state.runs++;
    if (state.runs <= times) throw make();
    return value;
  };
  return { state, fn };
}

/** Work that ends when it is told to. */
export function gate() {
  const started: unknown[][] = [];
  const settle: { resolve: (value: string) => void; reject: (error: unknown) => void }[] = [];
  const work = (...args: unknown[]): Promise<string> => {
    started.push(args);
    return new Promise((resolve, reject) => settle.push({ resolve, reject }));
  };
  return {
    work,
    started,
    finish: (index: number, value = 'done') => settle[index]?.resolve(value),
    fail: (index: number, error: unknown) => settle[index]?.reject(error),
  };
}

/** A function that never settles, unless its signal is aborted. */
export function hanging() {
  const state = { runs: 0, aborted: 0 };
  const fn = (_signal?: AbortSignal): Promise<string> => {
    state.runs++;
    const { signal } = callContext();
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        state.aborted++;
        reject(signal.reason);
      });
    });
  };
  return { state, fn };
}

/** An error of an HTTP client. */
export function http(status: number, headers: Record<string, string> = {}): Error {
  return Object.assign(new Error(`HTTP ${status}`), { status, headers });
}

/** An error that calls for a person. */
export function diskFull(): Error {
  return Object.assign(new Error('no space'), { code: 'ENOSPC' });
}

/** What a call came to: its error. */
export async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('the call succeeded');
}
