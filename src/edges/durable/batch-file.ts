import type { OperationRecord } from './operation.js';

const NAME = /^metrics_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)_(\d{6})\.json$/;
const TEMPORARY = /^metrics_.*\.json\.tmp$/;

/** A moment in microseconds since 1970. */
export type Micros = number;

/** `YYYYMMDD_HHMMSS_micros`, in UTC. */
export function batchIdOf(micros: Micros): string {
  const [date = '', time = ''] = new Date(Math.floor(micros / 1_000)).toISOString().split('T');
  return `${date.replaceAll('-', '')}_${time.slice(0, 8).replaceAll(':', '')}_${digits(micros)}`;
}

/** The file of a batch. */
export function batchFileOf(batchId: string): string {
  return `metrics_${batchId}.json`;
}

/** When a file was written by its name, in ms since 1970; undefined for a file that is none of ours. */
export function writtenAt(file: string): number | undefined {
  const [, year, month, day, hour, minute, second, micros] = (NAME.exec(file) ?? []).map(Number);
  if (year === undefined) return undefined;
  const at = Date.UTC(year, (month as number) - 1, day, hour, minute, second) + Math.floor((micros as number) / 1_000);
  // A day or an hour that does not exist would be read as another: it is no name that was given here.
  return file.startsWith(`metrics_${batchIdOf(at * 1_000).slice(0, 15)}_`) ? at : undefined;
}

/** Whether a file is one that was being written when its process ended. */
export function isTemporary(file: string): boolean {
  return TEMPORARY.test(file);
}

/** A batch as its file has it. */
export function batchText(records: readonly OperationRecord[], batchId: string, micros: Micros): string {
  return JSON.stringify({
    records: records.map((record) => ({
      operation_type: record.operationType,
      operation_name: record.operationName,
      duration_ms: record.durationMs,
      timestamp: timestampOf(Math.floor(record.at * 1_000)),
      success: record.success,
      error_message: record.errorMessage,
      metadata: record.metadata,
    })),
    batch_timestamp: timestampOf(micros),
    batch_id: batchId,
    total_records: records.length,
  });
}

// Records of one ms follow each other: its text is made once.
let last = { ms: Number.NaN, text: '' };

/** `2025-12-16T08:00:05.123456+00:00` */
function timestampOf(micros: Micros): string {
  const ms = Math.floor(micros / 1_000);
  if (ms !== last.ms) last = { ms, text: new Date(ms).toISOString().slice(0, 20) };
  return `${last.text}${digits(micros)}+00:00`;
}

/** The six digits behind the second. */
function digits(micros: Micros): string {
  return String(micros % 1_000_000).padStart(6, '0');
}
