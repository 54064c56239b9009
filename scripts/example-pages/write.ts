/** Writes the examples and tables into the pages: `node --import tsx scripts/example-pages/write.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { madeAnew, pages } from './page.js';

for (const path of pages()) {
  const page = readFileSync(path, 'utf8');
  const anew = madeAnew(page);
  if (anew !== page) writeFileSync(path, anew);
}
