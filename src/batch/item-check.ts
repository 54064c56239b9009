import { show } from '../base/options.js';
import { isThenable } from '../base/thenable.js';
import type { ValidateItem } from './process-options.js';

/** What is wrong with an item; undefined for a valid one. */
export type Fault = { readonly error: unknown } | undefined;

/** Asks `validate` about an item; a promise only where it gave one. */
export function checkItem<In>(validate: ValidateItem<In>, item: In, index: number): Fault | Promise<Fault> {
  try {
    const answer = validate(item, index);
    if (!isThenable(answer)) return faultOf(answer, item, index);
    return Promise.resolve(answer as PromiseLike<unknown>).then(
      (late) => faultOf(late, item, index),
      (error: unknown) => ({ error }),
    );
  } catch (error) {
    return { error };
  }
}

function faultOf(answer: unknown, item: unknown, index: number): Fault {
  if (answer === false) return { error: new TypeError(`item ${index} is not valid: ${show(item)}`) };
  return typeof answer === 'string' ? { error: new TypeError(`item ${index} is not valid: ${answer}`) } : undefined;
}
