import { deadLetter, Registry } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const registry = new Registry({ clock: new ManualClock() });
let isDown = true;
const placed: string[] = [];

class Orders {
  @deadLetter({
    name: 'orders',
    redact: (entry) => ({
      ...entry,
      error: { ...entry.error, message: entry.error.message.replace(/\d{4}$/, '****') },
    }),
    registry,
  })
  async place(order: { item: string; amount: number }): Promise<void> {
    if (isDown) throw new Error('payment failed for card 4242');
    placed.push(`${order.amount} × ${order.item}`);
  }
}

const orders = new Orders();
const order = { item: 'lamp', amount: 2 };
await orders.place(order).catch((error: Error) => console.log(error.message)); // → payment failed for card 4242
order.amount = 99; // too late: the arguments were copied

const queue = registry.deadLetters.get('orders');
const [entry] = queue?.list() ?? [];
console.log(entry?.site, entry?.args, entry?.error.message); // → Orders.place [ { item: 'lamp', amount: 2 } ] payment failed for card ****
console.log((await queue?.redrive({ dryRun: true }))?.attempted); // → 1

const again = await queue?.redrive({ reason: 'checking', owner: 'ops' });
console.log(again?.failed, queue?.size, queue?.list()[0]?.redrives); // → 1 1 1

isDown = false;
const report = await queue?.redrive({ ratePerSecond: 5 });
console.log(report?.succeeded, queue?.size, placed); // → 1 0 [ '2 × lamp' ]
