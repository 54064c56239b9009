import type { Cancellation } from '../base/cancellation.js';
import { isThenable } from '../base/thenable.js';

/** A load under way: what it comes to, and how to stop it. */
export interface Load<V> {
  readonly result: V | PromiseLike<V>;
  /** Called at most once, when nobody waits for the result any more; it must not throw. */
  cancel?(reason: unknown, signal?: 'abort' | 'detach'): void;
}

/** One run of a load, and those who wait for it. */
export class Flight<V> {
  readonly key: unknown;
  /** Runs the load proper. */
  readonly run: () => Load<V>;
  /** What it comes to; undefined until it has turned out to be asynchronous. */
  promise: Promise<V> | undefined = undefined;
  /** Whether it was called off: those who wait are answered, and its value means nothing to others. */
  forgotten = false;
  /** Whether the load has settled. */
  landed = false;
  /** Whether the load was cancelled, because the last caller had gone. */
  cancelled = false;
  /** How many callers it answers. */
  callers = 0;
  /** The flight whose start set this one off. */
  outer: Flight<V> | undefined = undefined;
  #load: Load<V> | undefined = undefined;
  /** Callers who may leave; one who cannot is waited for whatever the others do. */
  #leaving = 0;
  #staying = false;

  constructor(key: unknown, run: () => Load<V>) {
    this.key = key;
    this.run = run;
  }

  /** What the run of the load gave; undefined until then. */
  get load(): Load<V> | undefined {
    return this.#load;
  }

  /** Starts the load. */
  begin(): Load<V> {
    this.#load = this.open();
    return this.#load;
  }

  /** Runs the load; another kind of flight may look elsewhere first. */
  open(): Load<V> {
    return this.run();
  }

  /** Takes the value of the load; what it returns is what the callers get. */
  succeeded(value: V): V {
    return value;
  }

  /** Takes the failure of the load: throws what the callers get, or returns it. */
  failed(error: unknown): V | Promise<V> {
    throw error;
  }

  /** Keeps it flying although no caller waits. */
  keepAlone(): void {
    this.#staying = true;
    this.promise?.catch(() => undefined);
  }

  /**
   * Another caller waits. One who gives up is answered at once, and when the last has gone the load is cancelled; one who
   * holds something for the load hears then of its end.
   */
  board(promise: Promise<V>, caller: Cancellation | undefined, abandon: (flight: Flight<V>) => void): Promise<V> {
    this.callers++;
    if (caller === undefined) {
      this.#staying = true;
      return promise;
    }
    this.#leaving++;
    return new Promise((resolve, reject) => {
      const leave = (reason: unknown, signal?: 'abort' | 'detach') => {
        if (!this.#leaves(reason, signal, abandon) || !caller.holds) return reject(reason);
        const left = () => reject(reason);
        settle = left;
        fail = left;
      };
      let settle: (value: V) => void = resolve;
      let fail = reject;
      // A signal that is already aborted, by the start of the load, tells no listener.
      const stay = caller.cancelled ? undefined : caller.onCancel(leave);
      promise.then(
        (value) => {
          stay?.();
          settle(value);
        },
        (error) => {
          stay?.();
          fail(error);
        },
      );
      if (stay === undefined) leave(caller.reason);
    });
  }

  /** A caller gives up; whether it was the last, and the load is cancelled. */
  #leaves(reason: unknown, signal: 'abort' | 'detach' | undefined, abandon: (flight: Flight<V>) => void): boolean {
    this.callers--;
    this.#leaving--;
    // What has succeeded is not aborted: its body may still be read.
    if (this.#leaving > 0 || this.#staying || this.landed) return false;
    this.cancelled = true;
    abandon(this);
    this.#load?.cancel?.(reason, signal);
    return true;
  }
}

/**
 * Concurrent equal calls share one run. A caller who cancels leaves the others alone; the run is cancelled when the last
 * has gone. Nothing is kept once it has settled.
 * @example const flights = new SingleFlight<User>(); flights.run('42', () => ({ result: fetchUser('42') }));
 */
export class SingleFlight<V> {
  readonly #flights = new Map<unknown, Flight<V>>();
  /** Loads whose synchronous start is on the stack: they have no promise yet, and may be forgotten all the same. */
  #starting: Flight<V> | undefined = undefined;

  /** How many runs are under way. */
  get size(): number {
    return this.#flights.size;
  }

  /** Whether an equal call is under way. */
  has(key: unknown): boolean {
    return this.#flights.has(key);
  }

  /** Shares the run under way for this key, or starts `load`. */
  run(key: unknown, load: () => Load<V>, caller?: Cancellation): V | Promise<V> {
    return this.join(key, caller) ?? this.start(new Flight(key, load), caller);
  }

  /** Shares the run under way for this key; undefined when there is none. */
  join(key: unknown, caller?: Cancellation): Promise<V> | undefined {
    const flight = this.#flights.get(key);
    if (flight?.promise === undefined) return undefined;
    if (caller?.cancelled) return Promise.reject(caller.reason);
    return flight.board(flight.promise, caller, this.#abandon);
  }

  /**
   * Starts a run that others may share. A load that is synchronous answers, or throws, synchronously; so is a caller told
   * that has given up before.
   */
  start(flight: Flight<V>, caller?: Cancellation): V | Promise<V> {
    if (caller?.cancelled) throw caller.reason;
    flight.callers = 1;
    const answer = this.#launch(flight);
    const { promise } = flight;
    if (promise === undefined) return answer;
    flight.callers = 0;
    return flight.board(promise, caller, this.#abandon);
  }

  /** Starts a run that no caller waits for yet; its failure is told to nobody but `flight.failed`. */
  startAlone(flight: Flight<V>): void {
    try {
      this.#launch(flight);
    } catch {
      // Thrown by a synchronous start: `failed` has seen it, and nobody waits.
    }
    flight.keepAlone();
  }

  /** Calls off the run of one key: who waits is answered, a later call starts anew. */
  forget(key: unknown): void {
    const flight = this.#flights.get(key);
    if (flight !== undefined) this.#abandon(flight);
    for (let begun = this.#starting; begun !== undefined; begun = begun.outer) {
      if (Object.is(begun.key, key)) begun.forgotten = true;
    }
  }

  /** Calls off the runs of the keys that `matches` picks. */
  forgetWhere(matches: (key: unknown, flight: Flight<V>) => boolean): void {
    for (let flight = this.#starting; flight !== undefined; flight = flight.outer) {
      if (matches(flight.key, flight)) flight.forgotten = true;
    }
    for (const flight of this.#flights.values()) {
      if (matches(flight.key, flight)) this.#abandon(flight);
    }
  }

  #launch(flight: Flight<V>): V | Promise<V> {
    flight.outer = this.#starting;
    this.#starting = flight;
    let result: V | PromiseLike<V>;
    try {
      result = flight.begin().result;
    } catch (error) {
      return flight.failed(error);
    } finally {
      this.#starting = flight.outer;
      flight.outer = undefined;
    }
    if (!isThenable(result)) return flight.succeeded(result);
    flight.promise = Promise.resolve(result as PromiseLike<V>).then(
      (value) => {
        this.#land(flight);
        return flight.succeeded(value);
      },
      (error) => {
        this.#land(flight);
        return flight.failed(error);
      },
    );
    if (!flight.forgotten) this.#flights.set(flight.key, flight);
    return flight.promise;
  }

  #land(flight: Flight<V>): void {
    flight.landed = true;
    this.#drop(flight);
  }

  #drop(flight: Flight<V>): void {
    if (this.#flights.get(flight.key) === flight) this.#flights.delete(flight.key);
  }

  readonly #abandon = (flight: Flight<V>): void => {
    flight.forgotten = true;
    this.#drop(flight);
  };
}
