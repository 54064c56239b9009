import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MetricsManager, type MetricsManagerOptions, type Operation } from '../../../src/edges/durable/index.js';
import { ManualClock } from '../../../src/edges/testing/index.js';
import { type EventType, Registry, type RegistryEvent } from '../../../src/index.js';

/** A batch as it stands in its file. */
export interface BatchFile {
  readonly file: string;
  readonly records: readonly Record<string, unknown>[];
  readonly batch_timestamp: string;
  readonly batch_id: string;
  readonly total_records: number;
}

export const operation: Operation = { operationType: 'api_request', operationName: 'GET /users', durationMs: 42.5 };

/** A manager by a hand-moved clock, writing into a real folder, with what it tells. */
export function setUp(storagePath: string, options: Partial<MetricsManagerOptions> = {}) {
  const clock = new ManualClock({ wallMs: Date.UTC(2025, 11, 16, 8) });
  const registry = new Registry({ clock });
  const events: RegistryEvent[] = [];
  registry.on('*', (event) => events.push(event));
  const manager = new MetricsManager({ storagePath, registry, ...options });
  const told = <Type extends EventType>(type: Type) =>
    events.filter((event) => event.type === type) as unknown as RegistryEvent<Type>[];
  /** Records operations that are told apart by their name. */
  const record = async (from: number, to: number) => {
    for (let name = from; name <= to; name++) await manager.recordOperation({ ...operation, operationName: `${name}` });
  };
  return { clock, registry, manager, events, told, record };
}

/** All batches of a folder, oldest first. */
export async function batchesIn(folder: string): Promise<BatchFile[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.map((text, index) => ({ file: files[index] as string, ...JSON.parse(text) }));
}

/** The names of all operations in a folder, in order. */
export async function namesIn(folder: string): Promise<unknown[]> {
  return (await batchesIn(folder)).flatMap(({ records }) => records.map((record) => record['operation_name']));
}
