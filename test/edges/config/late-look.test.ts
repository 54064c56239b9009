import { expect, test } from 'vitest';
import { LateLook } from '../../../src/edges/config/late-look.js';
import { ManualClock } from '../../../src/edges/testing/index.js';

function looking() {
  const clock = new ManualClock();
  const looks: number[] = [];
  const began = clock.now();
  return { clock, looks, late: new LateLook(clock, 100, () => looks.push(clock.now() - began)) };
}

test('a look comes once the changes have stood still', async () => {
  const { clock, looks, late } = looking();
  late.changed();
  await clock.advance(60);
  late.changed();
  await clock.advance(500);

  expect(looks).toEqual([160]);
});

test('a look is not put off by what happens beside it', async () => {
  const { clock, looks, late } = looking();
  for (let time = 0; time < 200; time += 50) {
    late.perhapsChanged();
    await clock.advance(50);
  }

  expect(looks).toEqual([100, 200]);
});

test('a look comes after ten times as long, where changes do not end', async () => {
  const { clock, looks, late } = looking();
  for (let time = 0; time < 2_000; time += 50) {
    late.changed();
    await clock.advance(50);
  }

  expect(looks).toEqual([1_000, 2_000]);
});

test('a look that is cancelled does not come', async () => {
  const { clock, looks, late } = looking();
  late.changed();
  late.cancel();
  await clock.advance(2_000);

  expect(looks).toEqual([]);
});
