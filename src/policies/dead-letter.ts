import { isObject } from '../base/is-object.js';
import type { Given } from '../base/options.js';
import { type DeadLetterOptions, deadLetterRules } from '../dead-letter/dead-letter-options.js';
import { DeadLetterQueue } from '../dead-letter/dead-letter-queue.js';
import type { CommonOptions } from '../engine/common-options.js';
import { definePolicy } from '../engine/define-policy.js';
import type { Policy } from '../engine/policy.js';
import type { EndedCall, Rerun } from '../engine/stage.js';
import { deadLetterContext } from '../registry/dead-letter-context.js';
import { runsOf } from '../retry/attempts.js';

/** The call that is being kept: what a queue tells meanwhile is of that call, whichever site made the queue. */
let keeping: EndedCall | undefined;

const define = definePolicy<'deadLetter', DeadLetterOptions>({
  kind: 'deadLetter',
  summary: 'Keeps calls that have failed, so that they can be looked at and run again.',
  options: deadLetterRules,
  bind(site, options) {
    const { name: _name, ...own } = options;
    const make = (name: string) =>
      new DeadLetterQueue(
        own,
        deadLetterContext(site.registry, site.kind, name, site.classify, () => keeping?.callId),
      );
    const queue = site.obtain('deadLetters', options, make);
    const runs = new WeakMap<object, Rerun>();
    return {
      ready(fn, rerun) {
        runs.set(fn, rerun);
        // A method can do nothing without its object, and that has not come from an earlier process.
        if (!site.isMember) queue.see(site.name, { fn, run: rerun });
      },
      answer(error, call) {
        if (!call.isCallerAbort(error)) {
          site.alarm(error, call);
          const owner = isObject(call.self) ? call.self : undefined;
          const runner = { fn: call.fn, run: runs.get(call.fn) as Rerun };
          site.explains(error, call);
          const outer = keeping;
          keeping = call;
          try {
            queue.keep({ site: site.name, args: call.args, error, attempts: runsOf(error), owner, runner });
          } finally {
            keeping = outer;
          }
        }
        throw error;
      },
    };
  },
});

/**
 * Keeps calls that have failed for their caller, rejected ones too, so that they can be looked at and run again
 * (`registry.deadLetters.get(name).redrive()`). A caller's abort is not kept.
 * @throws the error of the call, as it was
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @throws {NameTakenError} for a name that a queue with other options has
 * @example const place = deadLetter({ name: 'orders' })(placeOrder);
 */
export function deadLetter(
  options?: Given<DeadLetterOptions & CommonOptions>,
): Policy<'deadLetter', DeadLetterOptions & CommonOptions> {
  return define(options);
}
