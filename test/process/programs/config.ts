import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registry, retryWithBackoff, timeout } from '../../../src/index.js';
import { loadConfig } from '../../../src/edges/config/index.js';

// Loads a file that it watches, under the variables of its environment, and ends by itself all the same.
const folder = mkdtempSync(join(tmpdir(), 'holdfast-config-'));
const path = join(folder, 'holdfast.yaml');
writeFileSync(path, 'recovery: { retry: { max_retries: 9, base_delay: 0.001, jitter: false } }\n');

console.log('begun');
try {
  await loadConfig(path, { watch: true });
  let runs = 0;
  const work = retryWithBackoff()(
    timeout()(async function work(): Promise<void> {
      runs++;
      await new Promise(() => {});
    }),
  );
  await work().catch((error: Error) => console.log(runs, error.message));
} catch (error) {
  console.log((error as Error).message);
}
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
console.log(registry.closed ? 'closed' : 'open');
