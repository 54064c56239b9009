/** Chance that repeats. It stands apart so that the upstream's process need not load the whole toolkit. */
export { seededRandom } from '../../src/base/random.js';
