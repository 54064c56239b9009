import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PICTURES, pictureFor } from '../../scripts/plots/pictures.js';

test.each(PICTURES)(
  '%s is what its simulation draws: `npm run plots` writes it anew',
  async (path) => {
    expect(await pictureFor(path)).toBe(readFileSync(path, 'utf8'));
  },
  60_000,
);
