import { Bulkhead, bulkhead, Registry } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });

class Reports {
  rendered: string[] = [];

  @bulkhead({ name: 'renderers', maxConcurrent: 2, maxQueue: 1, queueTimeoutMs: 5_000, registry })
  async render(title: string): Promise<string> {
    await new Promise<void>((resolve) => clock.setTimeout(resolve, 3_000));
    this.rendered.push(title);
    return title;
  }
}

const reports = new Reports();
const outcome = (title: string) => reports.render(title).catch((error: Error) => `${error.name}: ${error.message}`);

// Two run, the third waits, and the fourth is rejected.
const [may, june, july, august] = ['May', 'June', 'July', 'August'].map(outcome);
console.log(await august); // → BulkheadFullError: 'renderers' has all its 2 slots taken and 1 call in line
await clock.advance(3_000);
console.log(await may, await june, reports.rendered); // → May June [ 'May', 'June' ]

const renderers = registry.limiters.get('renderers');
if (renderers instanceof Bulkhead) {
  const { active, queued, rejected } = renderers.snapshot();
  console.log({ active, queued, rejected }); // → { active: 1, queued: 0, rejected: 1 }
}
await clock.advance(3_000);
console.log(await july); // → July

// Without a queue a synchronous function stays synchronous, and calls in it are counted.
const nested = bulkhead({ maxConcurrent: 1, registry })((depth: number): number =>
  depth === 0 ? 0 : nested(depth - 1),
);
console.log(nested(0)); // → 0
try {
  nested(1);
} catch (error) {
  console.log(`${error}`); // → BulkheadFullError: 'anonymous' has its one slot taken
}
