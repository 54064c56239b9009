import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'holdfast';
import { MetricsManager } from 'holdfast/durable';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock({ wallMs: Date.UTC(2025, 11, 16, 8) });
const registry = new Registry({ clock });
const storagePath = await mkdtemp(join(tmpdir(), 'holdfast-'));

// A program writes `await using metrics = …`, and needs no `stop()`.
const metrics = new MetricsManager({ storagePath, registry });
await metrics.start();

await metrics.recordOperation({
  operationType: 'api_request',
  operationName: 'GET /api/users',
  durationMs: 42.5,
  metadata: { status_code: 200, region: 'us-east' },
});

const rows = await metrics.trackOperation('database_query', 'SELECT products', async () => ['lamp', 'desk'], {
  metadata: { cache_hit: false },
});
console.log(rows); // → [ 'lamp', 'desk' ]

const personal = { operationType: 'api_request', operationName: 'GET /api/profile', durationMs: 50 };
await metrics
  .recordOperation({ ...personal, metadata: { request: { 'User-ID': 7 } } })
  .catch((error: Error) => console.log(error.message));
// → recordOperation: `metadata.request.User-ID` stands for personal data or a secret; leave it out, or hash it

console.log(metrics.stats().queueSize, metrics.stats().totalRecorded); // → 2 2
await metrics.stop(); // writes what waits

const [file = ''] = await readdir(storagePath);
const batch = JSON.parse(await readFile(join(storagePath, file), 'utf8'));
console.log(file, batch.batch_id, batch.total_records); // → metrics_20251216_080000_000000.json 20251216_080000_000000 2
console.log(batch.records[0]);
// → {
// →   operation_type: 'api_request',
// →   operation_name: 'GET /api/users',
// →   duration_ms: 42.5,
// →   timestamp: '2025-12-16T08:00:00.000000+00:00',
// →   success: true,
// →   error_message: null,
// →   metadata: { status_code: 200, region: 'us-east' }
// → }

// Somebody has a right to be forgotten.
console.log(await metrics.erase({ from: '2025-12-01', to: '2025-12-31', reason: 'a request' })); // → { files: 1, records: 0 }
await rm(storagePath, { recursive: true });
