import type { BreakerAct, BreakerTransition, WouldReject } from '../../src/breaker/breaker-events.js';
import type { CircuitBreakerOptions } from '../../src/breaker/breaker-options.js';
import type { BreakerContext } from '../../src/breaker/breaker-settings.js';
import { CircuitBreaker } from '../../src/breaker/circuit-breaker.js';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';

/** A breaker under test, the clock it goes by, and what it told. */
export interface Bench {
  breaker: CircuitBreaker;
  clock: ManualClock;
  transitions: BreakerTransition[];
  acts: BreakerAct[];
  wouldReject: WouldReject[];
  advance(ms: number): void;
  succeed(times?: number): void;
  fail(times?: number): void;
}

export const DOWN: Error = Object.assign(new Error('down'), { code: 'ECONNREFUSED' });

export function bench(options: CircuitBreakerOptions = {}, context: BreakerContext = {}): Bench {
  const clock = new ManualClock({ nowMs: 1_000 });
  const transitions: BreakerTransition[] = [];
  const acts: BreakerAct[] = [];
  const wouldReject: WouldReject[] = [];
  const breaker = new CircuitBreaker(options, {
    clock,
    onTransition: (transition) => void transitions.push(transition),
    onAct: (act) => void acts.push(act),
    onWouldReject: (call) => void wouldReject.push(call),
    ...context,
  });
  const times = (many: number, run: () => void) => Array.from({ length: many }, run);
  return {
    breaker,
    clock,
    transitions,
    acts,
    wouldReject,
    advance: (ms) => void clock.advance(ms),
    succeed: (many = 1) => void times(many, () => breaker.succeed(breaker.acquire())),
    fail: (many = 1) => void times(many, () => breaker.fail(breaker.acquire(), DOWN)),
  };
}

/** What a call throws. */
export function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('it threw nothing');
}
