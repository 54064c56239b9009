import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchProcessor, circuitBreaker, Registry, retryWithBackoff, timeout } from 'holdfast';
import { applyConfig, loadConfig, presets } from 'holdfast/config';

const registry = new Registry();
class Quotes {
  @circuitBreaker({ name: 'quotes-api', registry })
  @retryWithBackoff({ registry })
  @timeout({ ms: 2_000, registry })
  async price(symbol: string): Promise<string> {
    if (symbol === 'NONE') throw new Error('503');
    return `${symbol} 42`;
  }
}
const quotes = new Quotes();
console.log(await quotes.price('ACME')); // → ACME 42

// What is running already takes it from the next call on; what is made later takes it too.
const folder = await mkdtemp(join(tmpdir(), 'holdfast-'));
const path = join(folder, 'holdfast.yaml');
const yaml = `
preset: production
advanced_features:
  batch_processing: { max_concurrent: 20 }
  recovery: { circuit_breaker: { recovery_timeout: 15 } } # seconds, as in files that are there already
policies:
  quotes-api: { circuitBreaker: { failureThreshold: 2 } }
  Quotes.price: { timeout: { ms: 500 }, retry: { maxAttempts: 1 } }
`;
await writeFile(path, yaml);
const env = { HOLDFAST_BATCH_PROCESSING__RATE_LIMIT: '200' }; // process.env, unless it is given
const config = await loadConfig(path, { registry, env });
console.log(config.report.refused, config.report.unused); // → [] []
const { maxConcurrent, rateLimit } = new BatchProcessor({ registry }).options;
console.log(maxConcurrent, rateLimit); // → 20 200
const failed = (error: Error) => error.message;
for (let call = 1; call <= 2; call++) await quotes.price('NONE').catch(failed);
console.log((await quotes.price('ACME').catch(failed)).slice(0, 40)); // → 'quotes-api' is open after 2 failures in

// The file is changed while the program runs. With `watch: true` it is loaded again by itself.
await writeFile(path, 'policies: { Quotes.price: { timeout: { ms: 250 } } }');
const { changed } = await config.reload();
console.log(changed.find(({ from }) => from === 500)); // → { path: 'policies.Quotes.price.timeout.ms', from: 500, to: 250 }
console.log(registry.breakers.get('quotes-api')?.state); // → open

// What is wrong is told all at once, and nothing of it holds.
await writeFile(path, 'caching:\n  default_ttl: ten\n  max_sise: 5\npolices: {}\n');
console.log(await config.reload().catch(failed));
// → holdfast.yaml is not as it should be, and nothing of it holds:
// →   holdfast.yaml:2:16: caching: `default_ttl` takes a number of seconds, got "ten"
// →   holdfast.yaml:3:3: caching: unknown name `max_sise`; did you mean `max_size`?
// →   holdfast.yaml:4:1: unknown name `polices`; did you mean `policies`?

// An object does as well as a file, and the presets are data.
applyConfig({ preset: 'low-latency' }, { registry, env: {} });
console.log(presets['low-latency'].timeout); // → { ms: 1000 }
await registry.close();
await rm(folder, { recursive: true });
