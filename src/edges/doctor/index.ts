/**
 * What a person who knows the field would say of the policies in your modules: for a test, and as `npx holdfast doctor`.
 * @module
 */
export { type Examination, examine } from './examine.js';
