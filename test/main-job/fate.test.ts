import { expect, test } from 'vitest';
import { fateOf } from '../../examples/main-job/fate.js';
import type { Behaviour } from '../../examples/main-job/script.js';
import { seededRandom } from '../../examples/main-job/seeded.js';

const REQUESTS = 4_000;

function sharesOf(behaviour: Behaviour): Record<string, number> {
  const random = seededRandom(5);
  const shares: Record<string, number> = { answered: 0, refused: 0, reset: 0 };
  for (let request = 0; request < REQUESTS; request++) {
    const { kind } = fateOf(behaviour, random);
    shares[kind] = (shares[kind] ?? 0) + 1 / REQUESTS;
  }
  return shares;
}

test.each<[Behaviour, string, number]>([
  ['healthy', 'answered', 1],
  ['warming', 'answered', 1],
  ['slow', 'answered', 1],
  ['burst', 'refused', 0.6],
  ['resetting', 'reset', 0.35],
  ['down', 'reset', 1],
])('an upstream that is %s lets a request be %s with a share of %d', (behaviour, kind, share) => {
  expect(sharesOf(behaviour)[kind]).toBeCloseTo(share, 1);
});

test('a refused request gets a 5xx status', () => {
  const random = seededRandom(5);
  const statuses = new Set<number>();
  for (let request = 0; request < REQUESTS; request++) {
    const fate = fateOf('burst', random);
    if (fate.kind === 'refused') statuses.add(fate.status);
  }

  expect([...statuses].sort()).toEqual([500, 502, 503]);
});

test('a healthy answer takes less than 25 ms, a slow one at least 40', () => {
  const random = seededRandom(5);
  for (let request = 0; request < REQUESTS; request++) {
    expect(fateOf('healthy', random).delayMs).toBeLessThan(25);
    expect(fateOf('slow', random).delayMs).toBeGreaterThanOrEqual(40);
  }
});
