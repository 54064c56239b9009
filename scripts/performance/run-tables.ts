import { markdownTable } from './markdown.js';
import { placeText } from './policies-table.js';
import type { HandlerPath, HttpResult, SoakResult } from './results.js';
import { grouped } from './svg.js';

/** How the page calls each path. */
const handlers: Readonly<Record<HandlerPath, string>> = {
  bare: 'bare',
  again: 'bare, again',
  five: 'five',
  'by-hand': 'five by hand',
  mollitia: 'five of mollitia',
};

/** The handler bare, bare again, and protected; as fast as it goes and at a fixed rate. */
export function httpTable(result: HttpResult): string {
  const { plan, full, fixed, gate } = result;
  const paths = Object.keys(handlers) as HandlerPath[];
  const rows = [full, fixed].flatMap((load) =>
    paths.flatMap((path) => {
      const served = load[path];
      if (served === undefined) return [];
      const { perSecond, p50Ms, p99Ms, cpuUs, gcShare, delayP99Ms } = served;
      const ratios = load.ratios[path];
      const row = [
        `${handlers[path]}${load.rate === undefined ? '' : `, ${grouped(load.rate)}/s`}`,
        `${grouped(perSecond)}${relative(ratios?.perSecond)}`,
        p50Ms.toFixed(2),
        `${p99Ms.toFixed(2)}${relative(ratios?.p99Ms)}`,
        `${cpuUs.toFixed(1)}${relative(ratios?.cpuUs)}`,
        (100 * gcShare).toFixed(2),
        delayP99Ms.toFixed(1),
      ];
      return [row];
    }),
  );
  const times = fixed.ratios.five?.cpuUs.value.toFixed(3) ?? '–';
  const verdicts = {
    ok: '✓',
    OVER: '✗',
    'not decidable': '– not decidable by this run: the bare handler differs more from itself',
  };
  const verdict = `CPU per request at the fixed rate: ${times} × bare; at most ${gate} ${verdicts[result.cpu]}`;
  const head = ['handler', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs a request', 'GC %', 'loop delay p99 ms'];
  const how = `${placeText(result)} ${plan.connections} connections, ${plan.rounds} rounds of ${plan.seconds} s in turn.`;
  return `${how}\n\n${markdownTable(head, rows)}\n${verdict}.\n`;
}

function relative(ratio: { value: number; low: number; high: number } | undefined): string {
  if (ratio === undefined) return '';
  return ` (× ${ratio.value.toFixed(3)}, ${ratio.low.toFixed(3)}–${ratio.high.toFixed(3)})`;
}

/** What the calls of the soak met, and what was held in the end. */
export function soakTable(result: SoakResult): string {
  const { seconds, tally, growthMb, flat, left } = result;
  const told = Object.entries(tally).map(([name, count]) => [name, grouped(count)]);
  const states = Object.entries(flat).map(([name, isFlat]) => `${name} ${isFlat ? 'flat ✓' : 'grows ✗'}`);
  return [
    placeText(result),
    '',
    markdownTable(['counted', 'times'], told),
    `In ${seconds} s; ${states.join(', ')}; the heap of the last quarter is ${growthMb.toFixed(2)} MB above that of the second.`,
    `After \`registry.close()\`: ${left.timers} timers, ${left.handles} handles.`,
    '',
  ].join('\n');
}
