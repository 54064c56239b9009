import { describe, expect, test } from 'vitest';
import { frame, paragraph } from '../../examples/main-job/view.js';
import { momentOf } from './moments.js';

const textOf = (moment = momentOf()) =>
  frame(moment)
    .map(({ text }) => text)
    .join('\n');

describe('the live view', () => {
  test('tells how far it is, and what the upstream goes through for how long yet', () => {
    expect(textOf()).toContain('seed 3   12.4 s of 30 s');
    expect(textOf()).toContain('resets › [OUTAGE] › recovery   3.1 s more');
  });

  test('shows each breaker with the reason and the time to the next probe', () => {
    expect(textOf()).toContain('quotes-api   open      5 failures in a row; next probe in 0.8 s');
    expect(textOf()).toContain('orders-api   closed\n');
  });

  test.each([
    ['calls', '100', '100'],
    ['succeeded', '80.0 %', '90.0 %'],
    ['latency p50 / p99', '12 ms / 1235 ms', '12 ms / 1235 ms'],
    ['requests the upstream had to bear', '100', '70'],
    ['  of these while it was down', '15', '4'],
    ['answered stale / by fallback', '–', '4 / 3'],
    ['retries / cache hits', '–', '11 / 40'],
    ['dead letters', '–', '3'],
  ])('has a row for %s', (label, bare, guarded) => {
    const row = textOf()
      .split('\n')
      .find((line) => line.startsWith(`${label} `));

    expect(
      row
        ?.slice(label.length)
        .trim()
        .split(/\s{2,}/),
    ).toEqual([bare, guarded]);
  });

  test('tells the last decisions with when they were taken', () => {
    expect(textOf()).toContain('10.5 s  quotes-api: closed → open, 5 failures in a row');
  });

  test('has no line beyond 80 columns, and fits a terminal of 24 rows', () => {
    const decisions = Array.from({ length: 4 }, (_, at) => ({
      at,
      text: 'orders: a kept call came through',
      times: 2,
    }));
    const lines = frame(momentOf({ decisions }));

    expect(lines.length).toBeLessThan(24);
    expect(Math.max(...lines.slice(0, 14).map(({ text }) => text.length))).toBeLessThanOrEqual(80);
  });

  test('of a service of the user’s own tells where it is', () => {
    const { upstream } = momentOf();

    expect(
      textOf(momentOf({ upstream: { ...upstream, phase: 'http://localhost/x', phaseLeftMs: undefined } })),
    ).toContain('upstream: http://localhost/x\n');
  });
});

test('without a terminal a moment is a line, and one for each breaker that is not closed', () => {
  const [line, ...breakers] = paragraph(momentOf());

  expect(line).toContain('12.4 s  upstream outage: bare 80.0 % of 100 (p99 1235 ms), protected 90.0 % of 100');
  expect(breakers).toEqual(['         quotes-api   open      5 failures in a row; next probe in 0.8 s']);
});
