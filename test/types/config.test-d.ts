import { registry } from '../../src/index.js';
import { applyConfig, type ConfigReport, loadConfig, presets } from '../../src/edges/config/index.js';

// What files say in snake_case is taken, and options are known by their own names too.
const report: ConfigReport = applyConfig({
  preset: 'production',
  advanced_features: { caching: { default_ttl: 600 } },
  streaming: { batchSize: 50 },
  recovery: { retry: { maxAttempts: 3 }, circuitBreaker: { recovery_timeout: 30 } },
  policies: { 'Quotes.price': { timeout: { ms: 500 }, retry: false } },
});
const paths: readonly string[] = report.changed.map(({ path }) => path);

const config = await loadConfig('holdfast.yaml', { registry, env: process.env, watch: true, debounceMs: 100 });
const again: ConfigReport = await config.reload();
const timeoutMs: number = presets['low-latency'].timeout.ms;
registry.on('config:applied', ({ changed }) => changed.map(({ path, from, to }) => [path, from, to]));

// @ts-expect-error there is no such preset
applyConfig({ preset: 'prodution' });
// @ts-expect-error what stands below a name is a kind and its options
applyConfig({ policies: { 'Quotes.price': 500 } });
// @ts-expect-error a policy is switched off by false; true says nothing
applyConfig({ policies: { 'Quotes.price': { retry: true } } });
// @ts-expect-error `applyConfig` reads no file, so there is nothing to watch
applyConfig({}, { watch: true });
// @ts-expect-error a report is read, not written
again.changed.push({ path: '', from: 1, to: 2 });

export const used: unknown[] = [paths, timeoutMs];
