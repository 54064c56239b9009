/** Keeps failed calls in a file, redrives now and then, and says each step; it runs until it is killed. */
import { writeSync } from 'node:fs';
import { DeadLetterQueue } from 'holdfast';
import { FileDeadLetterStore } from 'holdfast/durable';

const [path = '', round = '', fsync = 'always'] = process.argv.slice(2);
const say = (line: string) => writeSync(1, `${line}\n`);

const store = new FileDeadLetterStore({
  path,
  fsync: fsync as 'always' | 'never',
  onDamage: ({ tornBytes, damagedLines }) => say(`damage ${tornBytes} ${damagedLines}`),
});
const queue = new DeadLetterQueue({ name: 'orders', maxEntries: Infinity, store });
queue.bind('Orders.place', (_self, [item]) => void say(`gone ${item}`));
await queue.ready;
say('ready');

for (let turn = 0; ; turn++) {
  const items = [0, 1, 2].map((one) => `${round}.${turn}.${one}`);
  for (const item of items) {
    say(`try ${item}`);
    queue.keep({ site: 'Orders.place', args: [item], error: new Error('down'), attempts: 1 });
  }
  await queue.flush();
  for (const item of items) say(`kept ${item}`);
  if (turn % 7 === 6) {
    await queue.redrive();
    await queue.flush();
    say('settled');
  }
}
