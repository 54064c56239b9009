import { show } from '../base/options.js';
import type { StageCall } from './stage.js';

/**
 * The text that a policy's `key` makes of a call; it gets the `this` and the arguments of the call.
 * @throws {TypeError} for what is no text: calls that have nothing in common would be taken for equal
 */
export function keyTextOf(kind: string, key: (...args: never[]) => string, call: StageCall): string {
  const text: unknown = key.apply(call.self, call.args as never[]);
  if (typeof text === 'string') return text;
  throw new TypeError(`${kind}: \`key\` must give a text, got ${show(text)}`);
}
