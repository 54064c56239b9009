import { readFileSync } from 'node:fs';
import { transform } from 'esbuild';
import { expect, test } from 'vitest';
import * as holdfast from '../../src/index.js';

interface Quotes {
  price(symbol: string): Promise<unknown>;
}

const readme = readFileSync('README.md', 'utf8');

/** The class of the README, over a `fetch` of ours. */
async function readmeQuotes(fetch: () => Promise<Response>): Promise<Quotes> {
  const [, snippet = ''] = /```ts\n(import [^`]*class Quotes[^]*?)^```/m.exec(readme) ?? [];
  const [, names = '', body = ''] = /^import \{(.*)\} from 'holdfast';\n([^]*^}\n)/m.exec(snippet) ?? [];
  const source = `export function make({${names}}, fetch, base) { ${body} return new Quotes(); }`;
  const { code } = await transform(source, { loader: 'ts', target: 'es2022', format: 'cjs', tsconfigRaw: '{}' });
  const module = { exports: {} as { make(library: typeof holdfast, ...given: unknown[]): Quotes } };
  // oxlint-disable-next-line no-new-func, no-implied-eval -- the page's own code, to see it do what the page says
  new Function('module', 'exports', code)(module, module.exports);
  return module.exports.make(holdfast, fetch, 'http://quotes');
}

test('the method of the README answers with what was fetched', async () => {
  const quotes = await readmeQuotes(async () => Response.json({ symbol: 'ACME', price: 42 }));

  expect(await quotes.price('ACME')).toEqual({ symbol: 'ACME', price: 42 });
});

test('the method of the README retries a 503, counts it, and answers by its fallback', async () => {
  let requests = 0;
  const quotes = await readmeQuotes(async () => {
    requests++;
    return new Response('', { status: 503, headers: { 'retry-after': '0' } });
  });
  const before = holdfast.registry.breakers.get('quotes-api')?.snapshot()['failedCalls'] ?? 0;

  expect(await quotes.price('ACME')).toEqual({ symbol: 'ACME', price: null, stale: true });
  expect(requests).toBe(3);
  expect(holdfast.registry.breakers.get('quotes-api')?.snapshot()['failedCalls']).toBe((before as number) + 3);
});

test('`npm pack` builds what it packs', () => {
  expect(JSON.parse(readFileSync('package.json', 'utf8')).scripts.prepack).toBe('npm run build');
});
