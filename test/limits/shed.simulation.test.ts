import { beforeAll, describe, expect, test } from 'vitest';
import { overload, perSecond, type Span } from '../../scripts/plots/overload.js';

describe('a server that can do 100 calls a second, and is asked for 400 from 40 to 160 s', () => {
  let without: Span[] = [];
  let shed: Span[] = [];
  let shorter: Span[] = [];
  beforeAll(async () => {
    without = await overload('none');
    shed = await overload('shed');
    shorter = await overload('shed', { windowMs: 20_000 });
  }, 60_000);

  test('is not touched before', () => {
    expect(perSecond(shed, 'good', 0, 40)).toBe(perSecond(without, 'good', 0, 40));
  });

  test('spends itself on refusing without, and on answering with', () => {
    expect(perSecond(without, 'good', 60, 160)).toBeLessThan(30);
    expect(perSecond(shed, 'good', 60, 160)).toBeGreaterThan(75);
    expect(perSecond(shed, 'good', 120, 160)).toBeGreaterThan(80);
  });

  test('gets about `k` times what it accepts', () => {
    const ratio = perSecond(shorter, 'received', 80, 160) / perSecond(shorter, 'good', 80, 160);

    expect(ratio).toBeGreaterThan(1.8);
    expect(ratio).toBeLessThan(2.2);
  });

  test('gets less in vain with a smaller `k`', async () => {
    const strict = await overload('shed', { k: 1.2, windowMs: 20_000 });

    expect(perSecond(strict, 'good', 80, 160)).toBeGreaterThan(perSecond(shorter, 'good', 80, 160));
    expect(perSecond(strict, 'received', 80, 160)).toBeLessThan(130);
  }, 60_000);

  test('gets all calls again at the end of the window after the overload', () => {
    expect(perSecond(shed, 'good', 180, 240)).toBeLessThan(60);
    for (const [spans, fromS] of [
      [shed, 280],
      [shorter, 185],
    ] as const) {
      expect(perSecond(spans, 'received', fromS, 300)).toBe(perSecond(spans, 'offered', fromS, 300));
    }
  });
});

test.each([1, 2, 3])(
  'other callers, other chance: seed %i',
  async (seed) => {
    const spans = await overload('shed', { seed });

    expect(perSecond(spans, 'good', 60, 160)).toBeGreaterThan(70);
  },
  60_000,
);
