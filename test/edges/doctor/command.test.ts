import { expect, test } from 'vitest';
import { cached, circuitBreaker, compose, Registry, retryWithBackoff, timed } from '../../../src/index.js';
import { run } from '../../../src/edges/doctor/command.js';
import { examine } from '../../../src/edges/doctor/examine.js';
import { jsonReport, textReport } from '../../../src/edges/doctor/report.js';

const module = (name: string) => `test/edges/doctor/modules/${name}.ts`;

test('the command explains itself', async () => {
  const { code, stdout } = await run(['--help']);

  expect([code, stdout]).toEqual([0, expect.stringMatching(/^holdfast doctor <module>[^]*--json[^]*ends with 0/)]);
  expect(await run(['-h'])).toEqual(await run(['doctor', '--help']));
});

test.each([
  [[], "there is no command '', only doctor; see --help"],
  [['docter'], "there is no command 'docter', only doctor; see --help"],
  [['doctor'], 'doctor takes the path of at least one module; see --help'],
  [['doctor', '--jsn', module('bare')], "Unknown option '--jsn'"],
  [['doctor', 'nowhere.js'], 'there is no file '],
  [['doctor', module('broken')], 'broken.ts: no database\n'],
  [
    ['doctor', module('unloadable')],
    "unexpected token; TypeScript takes a loader, such as NODE_OPTIONS='--import tsx'\n",
  ],
])('it ends with 2 and a line that says why: %j', async (args, why) => {
  const { code, stdout, stderr } = await run(args);

  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(why);
  expect(stderr).toMatch(/^holdfast: [^\n]*\n$/);
});

test('it ends with 0 where it found nothing', async () => {
  const { code, stdout } = await run(['doctor', module('bare')]);
  const json = await run(['doctor', '--json', module('bare')]);

  expect([code, stdout]).toEqual([
    0,
    'no function or method with policies was found; classes must be exported to be seen\n',
  ]);
  expect(JSON.parse(json.stdout)).toEqual({ version: 1, sites: [], warnings: 0, notes: 0, advice: [] });
});

test('a report is by site, and adds up', () => {
  const registry = new Registry();
  const wrong = compose(circuitBreaker({ registry }), cached({ registry }), retryWithBackoff({ registry }));
  const examination = examine({
    price: wrong(async function price() {}),
    rate: timed({ registry })(function rate() {}),
  });

  expect(textReport(examination)).toBe(`price
  warning  guard-outside-cache
    the breaker stands outside of the cache: each hit counts as a success between the failures, and hits are rejected while the circuit is open
    → put the cache outside, so that a hit asks nobody
  note  hang-is-not-retried
    an attempt that hangs is never given up, so the retry never gets its turn
    → put a \`timeout\` inside of the retry, unless the function has one of its own

1 warning and 1 note on 2 functions and methods
`);
  expect(JSON.parse(jsonReport(examination))).toMatchObject({ sites: ['price', 'rate'], warnings: 1, notes: 1 });
  expect(textReport({ sites: ['rate'], advice: [] })).toBe('nothing to say of 1 function or method\n');
});
