/** Writes the checked-in list of exports anew: `npm run surface`. */
import { writeFileSync } from 'node:fs';
import { publicSurface, SURFACE_FILE } from './surface.js';

writeFileSync(SURFACE_FILE, publicSurface());
