import { ClosedError, type ErrorSource, BulkheadFullError, QueueTimeoutError, withoutStack } from '../base/errors.js';
import type { LimitGrounds } from '../base/rejection-grounds.js';
import { grouped, plural } from '../base/wording.js';

/** What a pool rejects on, and who hears of it. */
interface Circumstances {
  readonly name: string;
  readonly maxSize: number;
  readonly maxQueue: number;
  readonly captureStack: boolean;
  told(error: Rejection): void;
}

type Rejection = ClosedError | BulkheadFullError | QueueTimeoutError;

/** Makes the errors of those who get no resource, and counts them. */
export class Rejections {
  timedOut = 0;
  rejected = 0;
  readonly #about: Circumstances;
  readonly #grounds: LimitGrounds;

  constructor(about: Circumstances) {
    const { maxSize, maxQueue } = about;
    this.#about = about;
    this.#grounds = Object.freeze({ maxSize, maxQueue });
  }

  /** For a caller of a closed pool. */
  closed(): ClosedError {
    this.rejected++;
    return this.#told(this.closing());
  }

  /** Why what is under way is asked to end: nobody's call. */
  closing(): ClosedError {
    return this.#make(ClosedError, 'is closed');
  }

  /** For a caller who finds the line full. */
  full(): BulkheadFullError {
    this.rejected++;
    const { maxSize, maxQueue } = this.#about;
    const places = maxSize === 1 ? 'its one resource' : `all its ${maxSize} resources`;
    const line = maxQueue === 0 ? '' : ` and ${plural(maxQueue, 'caller')} in line`;
    return this.#told(this.#make(BulkheadFullError, `has ${places} out${line}`));
  }

  /** For a caller who has waited for as long as it may. */
  late(timeoutMs: number): QueueTimeoutError {
    this.timedOut++;
    return this.#told(this.#make(QueueTimeoutError, `had no resource free within ${grouped(timeoutMs)} ms`));
  }

  #told<E extends Rejection>(error: E): E {
    this.#about.told(error);
    return error;
  }

  #make<E extends Rejection>(type: new (message: string, source: ErrorSource) => E, what: string): E {
    const { name, captureStack } = this.#about;
    const make = () =>
      new type(`'${name}' ${what}`, { policy: 'resourcePool', policyName: name, grounds: this.#grounds });
    return captureStack ? make() : withoutStack(make);
  }
}
