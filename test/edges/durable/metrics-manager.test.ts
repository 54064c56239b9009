import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { MetricsManager } from '../../../src/edges/durable/index.js';
import { Registry, registry as shared } from '../../../src/index.js';
import { temporaryFolder } from './killed-children.js';
import { batchesIn, namesIn, operation, setUp } from './metrics-set-up.js';

const folders: string[] = [];
let folder = '';
beforeEach(async () => {
  const parent = await temporaryFolder();
  folders.push(parent);
  folder = join(parent, 'metrics');
});
afterAll(() => Promise.all(folders.map((parent) => rm(parent, { recursive: true, force: true }))));

const names = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => `${from + index}`);
const written = (manager: MetricsManager, batches: number) =>
  vi.waitFor(() => expect(manager.stats().batchesWritten).toBe(batches), { timeout: 5_000, interval: 5 });

describe('a file', () => {
  test('has the form that was promised, to the letter', async () => {
    const { manager, clock } = setUp(folder);
    await manager.start();
    await manager.recordOperation({ ...operation, metadata: { status_code: 200, region: 'us-east' } });
    await clock.advance(5.123456);
    await manager.recordOperation({ ...operation, success: false, errorMessage: 'down' });
    await manager.flush();

    expect(await batchesIn(folder)).toEqual([
      {
        file: 'metrics_20251216_080000_005123.json',
        records: [
          {
            operation_type: 'api_request',
            operation_name: 'GET /users',
            duration_ms: 42.5,
            timestamp: '2025-12-16T08:00:00.000000+00:00',
            success: true,
            error_message: null,
            metadata: { status_code: 200, region: 'us-east' },
          },
          {
            operation_type: 'api_request',
            operation_name: 'GET /users',
            duration_ms: 42.5,
            timestamp: expect.stringMatching(/^2025-12-16T08:00:00\.005\d{3}\+00:00$/),
            success: false,
            error_message: 'down',
            metadata: null,
          },
        ],
        batch_timestamp: '2025-12-16T08:00:00.005123+00:00',
        batch_id: '20251216_080000_005123',
        total_records: 2,
      },
    ]);
    await manager.stop();
  });

  test('never takes the name of another, of this process or of a second one', async () => {
    const { manager, record } = setUp(folder);
    const other = setUp(folder);
    await manager.start();
    await other.manager.start();
    for (let round = 0; round < 3; round++) {
      await record(round, round);
      await manager.flush();
      await other.record(round + 10, round + 10);
      await other.manager.flush();
    }
    await Promise.all([manager.stop(), other.manager.stop()]);

    expect(await namesIn(folder)).toHaveLength(6);
  });

  test('sorts behind those before it, although the time of day is set back', async () => {
    const { manager, record, clock } = setUp(folder);
    await manager.start();
    await record(1, 1);
    await manager.flush();
    clock.setWallTime(Date.UTC(2025, 11, 16, 7));
    await record(2, 2);
    await manager.stop();

    expect(await namesIn(folder)).toEqual(['1', '2']);
  });

  test('is there wholly or not at all: nothing else is left in the folder', async () => {
    const { manager, record } = setUp(folder, { maxBatchSize: 10 });
    await manager.start();
    await record(1, 95);
    await manager.stop();

    expect((await readdir(folder)).every((file) => /^metrics_\d{8}_\d{6}_\d{6}\.json$/.test(file))).toBe(true);
    expect(await namesIn(folder)).toEqual(names(1, 95));
    expect((await batchesIn(folder)).map(({ total_records: total }) => total)).toEqual([...Array(9).fill(10), 5]);
  });
});

describe('it writes', () => {
  test('after 5 s what waits', async () => {
    const { manager, clock, record } = setUp(folder);
    await manager.start();
    await record(1, 3);
    await clock.advance(4_999);
    expect(await batchesIn(folder)).toEqual([]);
    await clock.advance(1);
    await written(manager, 1);

    expect(await namesIn(folder)).toEqual(['1', '2', '3']);
    await manager.stop();
  });

  test('at once when 1 000 wait, and leaves the rest for later', async () => {
    const { manager, record } = setUp(folder);
    await manager.start();
    await record(1, 2_500);
    await written(manager, 2);
    await new Promise((resolve) => setImmediate(resolve));

    expect(manager.stats()).toMatchObject({ totalPersisted: 2_000, queueSize: 500 });
    await manager.stop();
    expect(await namesIn(folder)).toEqual(names(1, 2_500));
  });

  test('nothing where there is nothing', async () => {
    const { manager, clock } = setUp(folder);
    await manager.start();
    await clock.advance(60_000);
    await manager.flush();
    await manager.stop();

    expect(await readdir(folder)).toEqual([]);
  });

  test('its figures', async () => {
    const { manager, record, clock } = setUp(folder);
    expect(manager.stats()).toEqual({
      totalRecorded: 0,
      totalPersisted: 0,
      queueSize: 0,
      batchesWritten: 0,
      lastFlushAt: null,
      avgBatchSize: 0,
      isRunning: false,
    });
    await manager.start();
    await record(1, 3);
    await manager.flush();
    await record(4, 4);
    await manager.flush();
    await record(5, 5);

    expect(manager.stats()).toEqual({
      totalRecorded: 5,
      totalPersisted: 4,
      queueSize: 1,
      batchesWritten: 2,
      lastFlushAt: clock.wallNow(),
      avgBatchSize: 2,
      isRunning: true,
    });
    const snapshot = manager.snapshot();
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
    await manager.stop();
  });
});

describe('start and stop', () => {
  test('a record before the start, during the stop and after it is refused', async () => {
    const { manager } = setUp(folder);
    const refused = { code: 'ERR_CLOSED', policy: 'metricsManager' };
    await expect(manager.recordOperation(operation)).rejects.toMatchObject(refused);
    await manager.start();
    const stopped = manager.stop();
    await expect(manager.recordOperation(operation)).rejects.toMatchObject(refused);
    await stopped;
    await expect(manager.recordOperation(operation)).rejects.toMatchObject(refused);

    expect(manager.snapshot().refused).toBe(2);
  });

  test('a second start is refused, a second stop is none, and it can be started again', async () => {
    const { manager, record } = setUp(folder);
    await manager.stop();
    await manager.start();
    await expect(manager.start()).rejects.toThrow(/is running; stop\(\) it first/);
    await record(1, 1);
    await Promise.all([manager.stop(), manager.stop()]);
    await manager.stop();
    await manager.start();
    expect(manager.stats()).toMatchObject({ totalRecorded: 0, isRunning: true });
    await record(2, 2);
    await manager.stop();

    expect(await namesIn(folder)).toEqual(['1', '2']);
  });

  test('the end of a block stops it', async () => {
    const { manager, record, clock } = setUp(folder);
    {
      await using running = manager;
      await running.start();
      await record(1, 1);
      expect(clock.pendingTimers).toBe(2);
    }

    expect(manager.stats().isRunning).toBe(false);
    expect(await namesIn(folder)).toEqual(['1']);
    expect(clock.pendingTimers).toBe(0);
  });

  test('a stop that cannot write ends after its time with ERR_TIMEOUT, and loses nothing', async () => {
    const { manager, record, clock } = setUp(folder);
    await manager.start();
    await record(1, 3);
    await rm(folder, { recursive: true });
    await writeFile(folder, 'in the way');
    const stopped = manager.stop({ timeoutMs: 1_000 }).catch((error: unknown) => error);
    for (let tick = 0; tick < 5; tick++) {
      // Real files take real time between two ticks of the clock.
      await new Promise((resolve) => setTimeout(resolve, 20));
      await clock.advance(250);
    }

    expect(await stopped).toMatchObject({
      code: 'ERR_TIMEOUT',
      message: expect.stringMatching(/3 records .* 1 000 ms/),
    });
    expect(manager.stats()).toMatchObject({ isRunning: false, queueSize: 3 });
    await rm(folder);
    await manager.start();
    await manager.stop();
    expect(await namesIn(folder)).toEqual(['1', '2', '3']);
    expect(clock.pendingTimers).toBe(0);
  });

  test('a stop tries again while it has time', async () => {
    const { manager, record, clock } = setUp(folder);
    await manager.start();
    await record(1, 3);
    await rm(folder, { recursive: true });
    await writeFile(folder, 'in the way');
    const stopped = manager.stop();
    await vi.waitFor(() => expect(manager.snapshot().writeFailures).toBe(1));
    await rm(folder);
    await clock.advance(250);
    await stopped;

    expect(await namesIn(folder)).toEqual(['1', '2', '3']);
  });

  test.each([
    [{ timeoutMs: -1 }, RangeError],
    [{ timeoutMs: '5' }, TypeError],
    [{ timeout: 5 }, TypeError],
  ])('the options %o of a stop are refused', async (options, type) => {
    const { manager } = setUp(folder);

    expect(() => manager.stop(options as never)).toThrow(type);
  });

  test('it stands in the registry while it runs, and the end of the registry stops it', async () => {
    const { manager, registry, record } = setUp(folder);
    expect(registry.extensions.names()).toEqual([]);
    await manager.start();
    expect(registry.snapshot().extensions).toMatchObject({ metricsManager: { isRunning: true, queueSize: 0 } });
    await record(1, 1);
    await registry.close();

    expect(await namesIn(folder)).toEqual(['1']);
    expect(registry.extensions.names()).toEqual([]);
  });

  test('two stand side by side, unless both want one name', async () => {
    const { manager, registry } = setUp(folder);
    const second = new MetricsManager({ storagePath: folder, registry });
    const named = () => new MetricsManager({ storagePath: folder, registry, name: 'mine' });
    const [third, fourth] = [named(), named()];
    await Promise.all([manager.start(), second.start(), third.start()]);

    await expect(fourth.start()).rejects.toMatchObject({ code: 'ERR_NAME_TAKEN' });
    expect(fourth.stats().isRunning).toBe(false);
    expect(registry.extensions.names()).toEqual(['metricsManager', 'metricsManager#metricsManager', 'mine']);
    await registry.close();
  });

  test('without a registry it is the shared one', async () => {
    const manager = new MetricsManager({ storagePath: folder });
    await manager.start();
    expect(shared.extensions.get('metricsManager')).toBe(manager);
    await manager.stop();

    expect(shared.extensions.has('metricsManager')).toBe(false);
  });
});

describe('an operation', () => {
  test.each([
    [undefined, TypeError, /takes an operation as one object/],
    [{ ...operation, operationType: undefined }, TypeError, /`operationType` takes a text, got undefined/],
    [{ ...operation, operationType: '' }, RangeError, /`operationType`/],
    [{ ...operation, operationName: 5 }, TypeError, /`operationName` takes a text, got 5/],
    [{ ...operation, durationMs: '5' }, TypeError, /`durationMs` takes a time in ms from 0, got "5"/],
    [{ ...operation, durationMs: -1 }, RangeError, /`durationMs` takes a time in ms from 0, got -1/],
    [{ ...operation, durationMs: Number.NaN }, RangeError, /`durationMs`/],
    [{ ...operation, durationMs: Infinity }, RangeError, /`durationMs`/],
    [{ ...operation, success: 'yes' }, TypeError, /`success` takes true or false/],
    [{ ...operation, errorMessage: new Error('x') }, TypeError, /`errorMessage` takes a text/],
    [{ ...operation, metadata: 'x' }, TypeError, /`metadata` takes an object/],
    [{ ...operation, metadata: { a: [{ API_KEY: 1 }] } }, TypeError, /API_KEY` stands for personal data/],
    [{ ...operation, duration_ms: 5 }, TypeError, /did you mean `durationMs`/],
    [{ ...operation, wholly: 'unknown' }, TypeError, /unknown field `wholly`; it takes operationType/],
  ])('%o is refused, and nothing of it is kept', async (given, type, message) => {
    const { manager } = setUp(folder);
    await manager.start();
    const error = await manager.recordOperation(given as never).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
    expect(manager.snapshot()).toMatchObject({ queueSize: 0, refused: 1, totalRecorded: 0 });
    await manager.stop();
  });

  test('has its error cut at 1 000 characters', async () => {
    const { manager } = setUp(folder);
    await manager.start();
    await manager.recordOperation({ ...operation, success: false, errorMessage: 'x'.repeat(5_000) });
    await manager.recordOperation({ ...operation, success: false, errorMessage: 'y'.repeat(1_000) });
    await manager.stop();

    const [batch] = await batchesIn(folder);
    expect(batch?.records.map((record) => record['error_message'])).toEqual(['x'.repeat(1_000), 'y'.repeat(1_000)]);
  });

  test('is kept as it was: what its caller changes later does not show', async () => {
    const { manager } = setUp(folder);
    await manager.start();
    const metadata = { rows: 1 };
    await manager.recordOperation({ ...operation, metadata });
    metadata.rows = 2;
    await manager.stop();

    expect((await batchesIn(folder))[0]?.records[0]).toMatchObject({ metadata: { rows: 1 } });
  });
});

describe('a queue that fills', () => {
  test('is told of once when more than half of it is taken, and again after it was free', async () => {
    const { manager, told, record } = setUp(folder, { maxQueueSize: 10, maxBatchSize: 10 });
    await manager.start();
    await record(1, 5);
    expect(told('metrics:halfFull')).toEqual([]);
    await record(6, 9);
    expect(told('metrics:halfFull')).toMatchObject([{ queueSize: 6, maxQueueSize: 10, kind: 'metricsManager' }]);
    await manager.flush();
    await record(1, 6);

    expect(told('metrics:halfFull')).toHaveLength(2);
    await manager.stop();
  });

  test('refuses a record that finds it full, with ERR_QUEUE_FULL, at 10 000 unless told otherwise', async () => {
    const { manager, told } = setUp(folder);
    await manager.start();
    for (let index = 0; index < 10_000; index++) void manager.recordOperation(operation);
    const refused = manager.recordOperation(operation);

    await expect(refused).rejects.toMatchObject({ code: 'ERR_QUEUE_FULL', policyName: 'metricsManager' });
    expect(told('metrics:full')).toMatchObject([{ queueSize: 10_000 }]);
    expect(manager.snapshot()).toMatchObject({ refused: 1, totalRecorded: 10_000 });
    await manager.stop();
    expect(manager.stats()).toMatchObject({ totalPersisted: 10_000, batchesWritten: 10 });
  });

  test('that refuses a record nobody waits for ends no program', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const { manager } = setUp(folder, { maxQueueSize: 1, maxBatchSize: 1 });
    await manager.start();
    void manager.recordOperation(operation);
    void manager.recordOperation(operation);
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', unhandled);

    expect(unhandled).not.toHaveBeenCalled();
    await manager.stop();
  });

  test('lets the writer go first for those who await, so that a tight loop loses nothing', async () => {
    const { manager, record } = setUp(folder, { maxQueueSize: 2_000 });
    await manager.start();
    await record(1, 10_000);
    await manager.stop();

    expect(await namesIn(folder)).toEqual(names(1, 10_000));
  });

  const fill = async (onFull: 'wait' | 'drop-oldest' | 'drop-newest') => {
    const here = setUp(folder, { maxQueueSize: 3, maxBatchSize: 3, onFull });
    await here.manager.start();
    // Nothing can be written: there is a file in the place of the folder.
    await rm(folder, { recursive: true });
    await writeFile(folder, 'in the way');
    return here;
  };

  test("with 'wait' lets a record wait for room, in order", async () => {
    const { manager, record } = await fill('wait');
    await record(1, 3);
    await vi.waitFor(() => expect(manager.snapshot().writeFailures).toBe(1));
    const admitted: string[] = [];
    const waiting = ['4', '5', '6', '7'].map((operationName) =>
      manager.recordOperation({ ...operation, operationName }).then(() => admitted.push(operationName)),
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(admitted).toEqual([]);
    expect(manager.snapshot()).toMatchObject({ waiting: 4, queueSize: 3 });
    await rm(folder);
    await manager.flush();
    await Promise.all(waiting);

    expect(admitted).toEqual(['4', '5', '6', '7']);
    await manager.stop();
    expect(await namesIn(folder)).toEqual(names(1, 7));
  });

  test("with 'wait' refuses those that still wait when it is stopped in vain", async () => {
    const { manager, record, clock } = await fill('wait');
    await record(1, 3);
    const waiting = manager.recordOperation(operation);
    const stopped = manager.stop({ timeoutMs: 0 });
    const refusal = expect(waiting).rejects.toMatchObject({ code: 'ERR_CLOSED' });
    const late = expect(stopped).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    await clock.advance(1);
    await Promise.all([refusal, late]);
  });

  test("with 'drop-oldest' lets the oldest go that is not being written", async () => {
    const { manager, record } = await fill('drop-oldest');
    await record(1, 2); // fills no batch: nothing is being written
    await rm(folder);
    const last = setUp(folder, { maxQueueSize: 5, maxBatchSize: 3, onFull: 'drop-oldest' });
    await last.manager.start();
    const all = names(1, 9).map((operationName) => last.manager.recordOperation({ ...operation, operationName }));
    await Promise.all(all);
    await last.manager.stop();

    // 1 to 3 were being written; of the others two found room at a time.
    expect(await namesIn(folder)).toEqual(['1', '2', '3', '8', '9']);
    expect(last.manager.snapshot()).toMatchObject({ dropped: 4, totalRecorded: 9, totalPersisted: 5 });
    await manager.stop();
  });

  test("with 'drop-newest' lets the new one go, and so does 'drop-oldest' when all is being written", async () => {
    for (const onFull of ['drop-newest', 'drop-oldest'] as const) {
      const here = setUp(join(folder, onFull), { maxQueueSize: 3, maxBatchSize: 3, onFull });
      await here.manager.start();
      for (const operationName of names(1, 5)) void here.manager.recordOperation({ ...operation, operationName });
      await here.manager.stop();

      expect(await namesIn(join(folder, onFull))).toEqual(['1', '2', '3']);
      expect(here.manager.snapshot()).toMatchObject({ dropped: 2, refused: 0 });
    }
  });
});

describe('a disk that cannot be written', () => {
  test('keeps the queue, is tried again after 1 s, 2 s, 4 s, and recovers', async () => {
    const { manager, clock, told, record } = setUp(folder);
    await manager.start();
    await record(1, 3);
    await rm(folder, { recursive: true });
    await writeFile(folder, 'in the way');
    await expect(manager.flush()).rejects.toThrow(/ENOTDIR|EEXIST/);
    for (const failures of [2, 3]) {
      await clock.advance(2 ** (failures - 2) * 1_000);
      await vi.waitFor(() => expect(manager.snapshot().writeFailures).toBe(failures));
    }
    expect(manager.snapshot()).toMatchObject({ queueSize: 3, lastError: expect.stringMatching(/ENOTDIR|EEXIST/) });
    await record(4, 4);
    await rm(folder);
    await clock.advance(4_000);
    await written(manager, 2); // the batch that failed, and what came since

    expect(told('metrics:writeFailed').map(({ retryInMs }) => retryInMs)).toEqual([1_000, 2_000, 4_000]);
    expect(told('metrics:recovered')).toMatchObject([{ failures: 3 }]);
    await manager.stop();
    expect(await namesIn(folder)).toEqual(['1', '2', '3', '4']);
    expect(manager.snapshot()).toMatchObject({ lastError: null, writeFailures: 3 });
  });

  test('is not tried more often for a queue that fills', async () => {
    const { manager, record } = setUp(folder, { maxBatchSize: 2, maxQueueSize: 1_000 });
    await manager.start();
    await rm(folder, { recursive: true });
    await writeFile(folder, 'in the way');
    await record(1, 2);
    await vi.waitFor(() => expect(manager.snapshot().writeFailures).toBe(1));
    await record(3, 100);
    await new Promise((resolve) => setTimeout(resolve, 30));

    expect(manager.snapshot().writeFailures).toBe(1);
    await rm(folder);
    await manager.stop();
  });

  test('keeps no program from starting', async () => {
    await writeFile(folder, 'in the way');
    const { manager, told } = setUp(folder);
    await manager.start();

    expect(told('metrics:writeFailed')).toMatchObject([{ operation: 'retention' }]);
    expect(manager.stats().isRunning).toBe(true);
    await manager.stop();
  });
});

describe('retention', () => {
  const old = async (...files: string[]) => {
    await mkdir(folder, { recursive: true });
    for (const file of files) await writeFile(join(folder, file), '{}');
  };
  const kept = 'metrics_20251116_080000_000000.json';
  const gone = 'metrics_20251116_075959_999999.json';

  test('removes files whose names are older than 30 days, at the start, and nothing else', async () => {
    await old(kept, gone, 'metrics_20200101_000000_000000.json', 'notes.json', 'metrics_old.json');
    const { manager, told } = setUp(folder);
    await manager.start();

    expect((await readdir(folder)).sort()).toEqual([kept, 'metrics_old.json', 'notes.json']);
    expect(told('metrics:erased')).toMatchObject([{ files: 2, records: 0, because: 'retention' }]);
    expect(manager.snapshot().expiredFiles).toBe(2);
    await manager.stop();
  });

  test('goes on every hour', async () => {
    await old(kept);
    const { manager, clock } = setUp(folder);
    await manager.start();
    await clock.advance(3_600_000);

    await vi.waitFor(async () => expect(await readdir(folder)).toEqual([]));
    await manager.stop();
  });

  test('keeps all with Infinity', async () => {
    await old('metrics_19990101_000000_000000.json');
    const { manager } = setUp(folder, { retentionDays: Infinity });
    await manager.start();
    await manager.stop();

    expect(await readdir(folder)).toHaveLength(1);
  });

  test('removes what a process left that ended while it wrote, and not what another writes now', async () => {
    await old('metrics_20251216_070000_000000.json.tmp', 'metrics_20251216_075900_000000.json.tmp');
    const at = (minute: number) => new Date(Date.UTC(2025, 11, 16, 7, minute));
    await utimes(join(folder, 'metrics_20251216_070000_000000.json.tmp'), at(-1), at(-1));
    await utimes(join(folder, 'metrics_20251216_075900_000000.json.tmp'), at(59), at(59));
    const { manager } = setUp(folder);
    await manager.start();
    await manager.stop();

    expect(await readdir(folder)).toEqual(['metrics_20251216_075900_000000.json.tmp']);
  });
});

describe('erasure', () => {
  const days = ['20251214_235959_999999', '20251215_000000_000000', '20251215_235959_999999', '20251216_000000_000000'];
  const files = days.map((day) => `metrics_${day}.json`);
  const filled = async () => {
    await mkdir(folder, { recursive: true });
    for (const file of files) await writeFile(join(folder, file), '{}');
    await writeFile(join(folder, 'notes.json'), '{}');
    return setUp(folder);
  };

  test.each([
    [{ from: '2025-12-15', to: '2025-12-15' }, [0, 3]],
    [{ to: '2025-12-15' }, [3]],
    [{ from: '2025-12-15' }, [0]],
    [{ from: new Date('2025-12-15T12:00:00Z'), to: new Date('2025-12-15T23:59:59.999Z') }, [0, 1, 3]],
    [{ from: new Date(0) }, []],
  ])('of %o leaves the other days', async (period, left) => {
    const { manager, told } = await filled();
    const report = await manager.erase({ ...period, reason: 'a request', owner: 'privacy' });

    expect(report).toEqual({ files: 4 - left.length, records: 0 });
    expect((await readdir(folder)).sort()).toEqual([...left.map((index) => files[index]), 'notes.json']);
    expect(told('metrics:erased')).toMatchObject([{ because: 'asked', reason: 'a request', owner: 'privacy' }]);
  });

  test('reaches records that were not written yet', async () => {
    const { manager, clock, record } = setUp(folder);
    await manager.start();
    await record(1, 3);
    await clock.advance(4_000);
    await record(4, 5);

    expect(await manager.erase({ to: new Date(Date.UTC(2025, 11, 16, 8, 0, 3)) })).toEqual({ files: 0, records: 3 });
    await manager.stop();
    expect(await namesIn(folder)).toEqual(['4', '5']);
  });

  test('waits for a file that is being written', async () => {
    const { manager, record } = setUp(folder);
    await manager.start();
    await record(1, 3);
    const flushed = manager.flush();
    const report = await manager.erase({ from: '2025-12-16' });
    await flushed;

    expect(report).toEqual({ files: 1, records: 0 });
    expect(await readdir(folder)).toEqual([]);
    await manager.stop();
  });

  test('in a folder that is not there erases nothing', async () => {
    expect(await setUp(folder).manager.erase({ from: new Date(0) })).toEqual({ files: 0, records: 0 });
  });

  test.each([
    [{}, TypeError, /give `from`, `to` or both/],
    [{ from: 'yesterday' }, RangeError, /`from` takes a Date, or a day as '2026-01-31', got "yesterday"/],
    [{ to: '2025-13-01' }, RangeError, /`to`/],
    [{ to: new Date(Number.NaN) }, RangeError, /`to`/],
    [{ from: 5 }, TypeError, /`from`/],
    [{ from: '2025-12-02', to: '2025-12-01' }, RangeError, /`from` takes a time before `to`/],
    [{ form: '2025-12-02' }, TypeError, /did you mean `from`/],
  ])('of %o is refused', async (options, type, message) => {
    const error = await setUp(folder)
      .manager.erase(options as never)
      .catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
  });
});

describe('trackOperation', () => {
  const trackedIn = async () => (await batchesIn(folder)).flatMap(({ records }) => records);

  test('records how long a function took, and gives what it gives', async () => {
    const { manager, clock } = setUp(folder);
    await manager.start();
    const sum = manager.trackOperation('computation', 'sum', () => 1 + 1, { metadata: { size: 2 } });
    const later = manager.trackOperation('computation', 'later', async () => {
      await new Promise<void>((resolve) => clock.setTimeout(resolve, 30));
      return 'done';
    });
    await clock.advance(30);

    expect([sum, await later]).toEqual([2, 'done']);
    await manager.stop();
    expect(await trackedIn()).toMatchObject([
      { operation_type: 'computation', operation_name: 'sum', duration_ms: 0, success: true, metadata: { size: 2 } },
      { operation_name: 'later', duration_ms: 30, success: true, error_message: null },
    ]);
  });

  test('records a failure, and throws the same error', async () => {
    const { manager } = setUp(folder);
    await manager.start();
    const down = new Error(`down ${'x'.repeat(2_000)}`);
    const fail = () => {
      throw down;
    };
    expect(() => manager.trackOperation('a', 'sync', fail)).toThrow(down);
    await expect(manager.trackOperation('a', 'async', async () => fail())).rejects.toBe(down);
    await manager.stop();

    expect(await trackedIn()).toMatchObject([
      { operation_name: 'sync', success: false, error_message: down.message.slice(0, 1_000) },
      { operation_name: 'async', success: false, error_message: down.message.slice(0, 1_000) },
    ]);
  });

  test('begins a thenable that is no promise once', async () => {
    const { manager } = setUp(folder);
    await manager.start();
    const then = vi.fn((resolve: (value: string) => void) => resolve('rows'));

    expect(await manager.trackOperation('db_query', 'lazy', () => ({ then }))).toBe('rows');
    expect(then).toHaveBeenCalledTimes(1);
    await manager.stop();
  });

  test('gives what the function gives although it cannot be recorded', async () => {
    const { manager } = setUp(folder);

    expect(manager.trackOperation('a', 'b', () => 5)).toBe(5);
    expect(await manager.trackOperation('a', 'b', async () => 6)).toBe(6);
    expect(manager.snapshot().refused).toBe(2);
  });

  test('refuses what is not as it should be before the function is run', () => {
    const { manager } = setUp(folder);
    const fn = vi.fn();

    expect(() => manager.trackOperation('', 'b', fn)).toThrow(RangeError);
    expect(() => manager.trackOperation('a', 'b', fn, { metadata: { token: 1 } })).toThrow(/personal data/);
    expect(fn).not.toHaveBeenCalled();
  });
});

test.each([
  [undefined, TypeError, /must be given|one object/],
  [{ storagePath: '' }, RangeError, /`storagePath` takes a text/],
  [{ storagePath: 'x', flushIntervalMs: 0 }, RangeError, /`flushIntervalMs`/],
  [{ storagePath: 'x', maxBatchSize: 0 }, RangeError, /`maxBatchSize`/],
  [
    { storagePath: 'x', maxQueueSize: 5 },
    RangeError,
    /`maxQueueSize` takes at least `maxBatchSize`, which is 1000, got 5/,
  ],
  [{ storagePath: 'x', onFull: 'explode' }, RangeError, /`onFull` takes 'throw' or 'wait'/],
  [{ storagePath: 'x', retentionDays: 0 }, RangeError, /`retentionDays` takes a number of days above 0/],
  [{ storagePath: 'x', retentionDays: '30' }, TypeError, /`retentionDays`/],
  [{ storagePath: 'x', name: '' }, RangeError, /`name`/],
  [{ storagePath: 'x', registry: {} }, TypeError, /`registry` takes a Registry/],
  [{ storage: 'x' }, TypeError, /unknown option `storage`/],
])('the options %o are refused', (options, type, message) => {
  const make = () => new MetricsManager(options as never);

  expect(make).toThrow(type);
  expect(make).toThrow(message);
});

test('the options are frozen, with the defaults filled in', () => {
  const { options } = new MetricsManager({ storagePath: 'metrics', registry: new Registry() });

  expect(Object.isFrozen(options)).toBe(true);
  expect(options).toMatchObject({
    flushIntervalMs: 5_000,
    maxBatchSize: 1_000,
    maxQueueSize: 10_000,
    onFull: 'throw',
    retentionDays: 30,
  });
});
