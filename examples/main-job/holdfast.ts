/** The toolkit as this job sees it, named in one place: in a program of your own it is `from 'holdfast'`. */
export * from '../../src/index.js';
