import { callContext, Registry, timeout } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });

class Reports {
  aborted = 'not yet';

  @timeout({ ms: 2_000, registry })
  async render(pages: number): Promise<string> {
    const { signal } = callContext(); // before the first await
    signal.addEventListener('abort', () => (this.aborted = signal.reason.code));
    await new Promise<void>((resolve) => clock.setTimeout(resolve, pages * 100));
    return `${pages} pages`;
  }
}

const reports = new Reports();
const short = reports.render(5);
await clock.advance(500);
console.log(await short, reports.aborted); // → 5 pages not yet

const long = reports.render(50).catch((error: Error) => `${error}`);
await clock.advance(2_000);
console.log(await long); // → TimeoutError: 'Reports.render' did not settle within 2000 ms
console.log(reports.aborted); // → ERR_TIMEOUT

// The time may hang on the arguments.
const render = timeout({ ms: (pages: number) => 150 * pages, registry })((pages: number) => reports.render(pages));
const inTime = render(10);
await clock.advance(1_500);
console.log(await inTime); // → 10 pages
