import { Deadline } from '../base/deadline.js';

/** A limit of time that a call stands under; the permit of the stage that set it. */
export abstract class Limit extends Deadline {
  /** Whether stages inside heed it too, and begin nothing that could not end in time, or the function alone. */
  readonly heededBy: 'function' | 'stages';

  constructor(heededBy: 'function' | 'stages') {
    super();
    this.heededBy = heededBy;
  }
}
