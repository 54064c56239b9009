import { expect, test } from 'vitest';
import { Screen } from '../../examples/main-job/screen.js';

function terminal(columns: number, rows: number) {
  const written: string[] = [];
  return {
    columns,
    rows,
    write: (text: string) => written.push(text) > 0,
    taken: () => written.splice(0).join(''),
  };
}

test('a second frame is drawn over the first', () => {
  const out = terminal(80, 24);
  const screen = new Screen(out, 'off');

  screen.draw([{ text: 'one' }, { text: 'two' }]);
  out.taken();
  screen.draw([{ text: 'three' }]);

  expect(out.taken()).toBe('\r\u001b[2Athree\u001b[K\n\u001b[J');
});

test('no line is wider than the terminal, and no frame as high', () => {
  const out = terminal(10, 4);
  const screen = new Screen(out, 'off');
  out.taken();

  screen.draw(Array.from({ length: 9 }, (_, index) => ({ text: `${index} of many words` })));

  expect(out.taken()).toBe('\r0 of many…\u001b[K\n1 of many…\u001b[K\n2 of many…\u001b[K\n\u001b[J');
});

test('colours are left out where they are not wanted', () => {
  const out = terminal(80, 24);
  new Screen(out, 'on').draw([{ text: 'open', tone: 'bad' }]);
  expect(out.taken()).toContain('\u001b[31mopen\u001b[0m');

  new Screen(out, 'off').draw([{ text: 'open', tone: 'bad' }]);
  expect(out.taken()).not.toContain('\u001b[31m');
});

test('when it is closed the view is gone and the cursor is back', () => {
  const out = terminal(80, 24);
  const screen = new Screen(out, 'off');
  expect(out.taken()).toBe('\u001b[?25l');
  screen.draw([{ text: 'one' }]);
  out.taken();

  screen.close();

  expect(out.taken()).toBe('\r\u001b[1A\u001b[J\u001b[?25h');
});
