import type { BatchProgress } from 'holdfast';
import { describe, expect, test } from 'vitest';
import { barOf, progressBar } from '../../examples/host-service/progress-bar.js';

const at = (completed: number, total: number | null = 200): BatchProgress => ({
  total,
  completed,
  success: completed,
  failed: 0,
  skipped: 0,
  durationMs: 1_000,
  itemsPerSecond: 49.6,
  etaMs: 2_100,
});

function terminal(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 60, written, write: (text: string) => written.push(text) };
}

describe('a progress bar', () => {
  test.each([
    [at(0), 'new [...............................] 0/200, 50/s, 3 s left'],
    [at(100), 'new [##############...............] 100/200, 50/s, 3 s left'],
    [at(200), 'new [#######################################] 200/200, 50/s'],
    [at(0, 0), 'new [########################################] 0/0, 50/s'],
    [{ ...at(100), failed: 2 }, 'new [#########..........] 100/200, 2 failed, 50/s, 3 s left'],
    [{ ...at(7, null), etaMs: null }, 'new 7, 50/s'],
  ])('tells how far it is, how fast, and how long yet: %#', (progress, bar) => {
    expect(barOf('new', progress, 60)).toBe(bar);
  });

  test('is never wider than the terminal', () => {
    for (let columns = 10; columns < 120; columns++) {
      expect(barOf('creating', at(100), columns).length).toBeLessThan(columns);
    }
  });

  test('is redrawn on its line, not for every item, and ends it when all is done', () => {
    let now = 0;
    const stream = terminal(true);
    const draw = progressBar('new', stream, () => now);

    draw(at(1));
    now = 49;
    draw(at(2));
    now = 50;
    draw(at(3));
    draw(at(200));

    const [first, ...later] = stream.written;
    expect(first?.startsWith('\r\u001b[Knew [')).toBe(true);
    expect(first).toMatch(/\] 1\/200[^\n]*$/);
    expect(later.map((text) => / (\d+)\/200[^\n]*(\n?)$/.exec(text)?.slice(1))).toEqual([
      ['3', ''],
      ['200', '\n'],
    ]);
  });

  test('draws nothing on what is no terminal', () => {
    const stream = terminal(false);

    progressBar('new', stream)(at(200));

    expect(stream.written).toEqual([]);
  });
});
