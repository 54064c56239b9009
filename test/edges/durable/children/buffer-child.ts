/** Adds items to a buffer with a file, flushes now and then, and says each step; it runs until it is killed. */
import { writeSync } from 'node:fs';
import { SendBuffer } from 'holdfast';
import { FileBufferStore } from 'holdfast/durable';

const [path = '', round = '', fsync = 'always'] = process.argv.slice(2);
const say = (line: string) => writeSync(1, `${line}\n`);

const store = new FileBufferStore<string>({
  path,
  fsync: fsync as 'always' | 'never',
  onDamage: ({ tornBytes, damagedLines }) => say(`damage ${tornBytes} ${damagedLines}`),
});
const buffer = new SendBuffer<string>({
  send: async (item) => void say(`gone ${item}`),
  maxSize: Infinity,
  flushIntervalMs: Infinity,
  flushAbove: Infinity,
  store,
});
buffer.enable({ keeps: 'all' });
await buffer.ready;
say('ready');

for (let turn = 0; ; turn++) {
  const items = [0, 1, 2].map((one) => `${round}.${turn}.${one}`);
  const added = items.map(async (item) => {
    say(`try ${item}`);
    await buffer.add(item);
    say(`kept ${item}`);
  });
  await Promise.all(added);
  if (turn % 7 === 6) {
    await buffer.flush();
    say('settled');
  }
}
