import { Registry, ResourcePool } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });

/** What is dear to make: a connection. */
class Connection {
  static made = 0;
  readonly id = ++Connection.made;
  isOpen = true;
  async query(sql: string): Promise<string> {
    if (!this.isOpen) throw Object.assign(new Error('connection lost'), { code: 'ECONNRESET' });
    return `${sql} by ${this.id}`;
  }
}

const pool = new ResourcePool({
  name: 'db',
  create: async () => new Connection(),
  destroy: ({ id }) => console.log(`connection ${id} ended`),
  validate: ({ isOpen }) => isOpen,
  maxSize: 2,
  maxQueue: 1,
  idleTimeoutMs: 10_000,
  registry,
});

// Two connections serve any number of calls, in the order they came.
const sql = ['a', 'b', 'c'];
console.log(await Promise.all(sql.map((text) => pool.use((connection) => connection.query(text)))));
// → [ 'a by 1', 'b by 2', 'c by 1' ]

// One that breaks in use is destroyed; the caller's error is his own.
const lost = pool.use(async (connection) => {
  connection.isOpen = false;
  return connection.query('d');
});
await lost.catch((error) => console.log(error.code));
// → connection 1 ended
// → ECONNRESET

{
  await using lease = await pool.lease(); // comes back when the block is left
  console.log(await lease.resource.query('e')); // → e by 2
}

// Who finds all out and the line full is turned away; who waits too long leaves.
const held = [await pool.acquire(), await pool.acquire()];
const waiting = pool.acquire({ timeoutMs: 500 }).catch((error) => error.message);
console.log(await pool.acquire().catch((error) => `${error.code}`)); // → ERR_BULKHEAD_FULL
await clock.advance(500);
console.log(await waiting); // → 'db' had no resource free within 500 ms
for (const connection of held) pool.release(connection);

const { size, idle, acquired, broken } = registry.snapshot().pools['db'] ?? {};
console.log({ size, idle, acquired, broken }); // → { size: 2, idle: 2, acquired: 7, broken: 1 }
await registry.close();
// → connection 3 ended
// → connection 2 ended
