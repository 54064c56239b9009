/**
 * The toolkit as this job sees it, named in one place: in a program of your own it is `from 'holdfast'`, and
 * `from 'holdfast/durable'` for what is written into files.
 */
export { FileDeadLetterStore, MetricsManager } from '../../src/edges/durable/index.js';
export * from '../../src/index.js';
