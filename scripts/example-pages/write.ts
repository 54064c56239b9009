/** Writes the examples, tables and plots into the pages: `node --import tsx scripts/example-pages/write.ts`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { plots } from '../performance/blocks.js';
import { madeAnew, pages } from './page.js';

for (const path of pages()) {
  const page = readFileSync(path, 'utf8');
  const anew = madeAnew(page);
  if (anew !== page) writeFileSync(path, anew);
}

mkdirSync('docs/performance', { recursive: true });
for (const [path, plot] of Object.entries(plots())) writeFileSync(path, plot);
