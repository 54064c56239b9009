/** Draws the pictures of the docs anew, each from its simulation: `npm run plots`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PICTURES, pictureFor } from './pictures.js';

for (const path of PICTURES) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, await pictureFor(path));
}
