import { count, definePolicy, policiesOf, Registry, retryWithBackoff, text } from 'holdfast';

// Its event joins the closed list, so that it is type-checked wherever it is sent or heard.
declare module 'holdfast' {
  interface EventDetails {
    /** More calls run at once than ever before. */
    'inFlight:peak': { running: number };
  }
}

/** What stands in the registry: its snapshot is plain JSON. */
class Gauge {
  running = 0;
  peak = 0;
  snapshot(): { running: number; peak: number } {
    return { running: this.running, peak: this.peak };
  }
}

const inFlight = definePolicy<'inFlight', { name?: string; tellFrom?: number }>({
  kind: 'inFlight',
  summary: 'Counts the calls that run at once, and tells of each new peak.',
  options: { name: text(), tellFrom: count({ default: 1 }) },
  bind(site, options) {
    const { tellFrom = 1 } = options;
    const gauge = site.obtain('extensions', options, () => new Gauge());
    const leave = () => void gauge.running--;
    return {
      admit() {
        gauge.running++;
        if (gauge.running <= gauge.peak) return;
        gauge.peak = gauge.running;
        if (gauge.peak >= tellFrom) site.emit('inFlight:peak', { running: gauge.peak });
      },
      succeeded: leave,
      failed: leave,
    };
  },
});

const registry = new Registry();
registry.on('inFlight:peak', ({ name, site, running }) => console.log(`${name}: ${running} at once, by ${site}`));

class Reports {
  @retryWithBackoff({ registry })
  @inFlight({ name: 'rendering', tellFrom: 2, registry })
  async render(title: string): Promise<string> {
    return `# ${title}`;
  }
}

const reports = new Reports();
const both = await Promise.all(['May', 'June'].map((month) => reports.render(month))); // → rendering: 2 at once, by Reports.render
console.log(both, registry.snapshot().extensions); // → [ '# May', '# June' ] { rendering: { running: 0, peak: 2 } }
console.log(policiesOf(Reports.prototype, 'render').map(({ kind }) => kind)); // → [ 'retry', 'inFlight' ]

// As a wrapper, and for one call; a synchronous function stays synchronous.
const shout = inFlight({ name: 'rendering', tellFrom: 2, registry })((word: string) => word.toUpperCase());
console.log(shout('june')); // → JUNE
console.log(inFlight({ tellFrom: 9, registry }).execute(() => 'once')); // → once
