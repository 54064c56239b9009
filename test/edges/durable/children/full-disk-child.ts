/** Stores items where a file may not grow past a limit, as on a disk that is full; says what became of each. */
import { FileBufferStore } from 'holdfast/durable';

const [path = ''] = process.argv.slice(2);
const store = new FileBufferStore<string>({ path });
const items = { small: 'x', large: 'x'.repeat(1_000_000), again: 'x' };
for (const [id, item] of Object.entries(items)) {
  const outcome = await store.append({ id, item }).then(
    () => 'stored',
    (error: NodeJS.ErrnoException) => error.code,
  );
  console.log(id, outcome);
}
