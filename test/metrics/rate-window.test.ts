import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RateWindow } from '../../src/metrics/rate-window.js';

describe('RateWindow', () => {
  test.each([
    [0, 60],
    [30_000, 60],
    [60_000, 60],
    [60_250, 45],
    [60_500, 30],
    [61_000, 0],
    [10_000_000, 0],
  ])('%i ms after 60 events it counts %i of them', (laterMs, expected) => {
    const window = new RateWindow();
    for (let event = 0; event < 60; event++) window.add(0);

    expect(window.count(laterMs)).toBeCloseTo(expected, 9);
  });

  test('a steady stream has its own rate, whatever the moment', () => {
    const window = new RateWindow();
    for (let now = 0; now < 180_000; now += 100) window.add(now);

    expect(window.ratePerSecond(180_000)).toBeCloseTo(10, 1);
  });

  test('in its first minute it divides by a minute', () => {
    const window = new RateWindow();
    for (let event = 0; event < 30; event++) window.add(500);

    expect(window.ratePerSecond(1_000)).toBe(0.5);
  });

  test('nothing has the rate 0', () => {
    expect(new RateWindow().ratePerSecond(123)).toBe(0);
  });

  test('a moment before the last one is counted with it', () => {
    const window = new RateWindow();
    window.add(5_000);
    window.add(4_000);

    expect(window.count(4_500)).toBe(2);
    expect(window.count(5_000)).toBe(2);
  });

  test('is never further from the exact count than the events of the second at its edge', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 0, max: 90_000 }), (waits, laterMs) => {
        const window = new RateWindow();
        let now = 0;
        const events = waits.map((waitMs) => (now += waitMs));
        for (const event of events) window.add(event);
        const reading = now + laterMs;

        const surely = events.filter((event) => event >= reading - 59_000).length;
        const perhaps = events.filter((event) => event > reading - 61_000).length;
        expect(window.count(reading)).toBeGreaterThanOrEqual(surely);
        expect(window.count(reading)).toBeLessThanOrEqual(perhaps);
      }),
    );
  });
});
