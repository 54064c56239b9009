import { crc32 } from 'node:zlib';
import { decodeValue, encodeValue, type LogValue } from './log-value.js';

/** The first line of every log: another file is not taken for one, and another form can be told from this. */
export const HEADER = 'holdfast-log 1\n';

/** A record: a key gets a value, or keys go. */
type LogRecord = ['put', string, LogValue] | ['remove', ...string[]];

/** Where a record stands in its file. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/** What a log holds. */
export interface LogContents {
  /** Where the last value of each key stands, in the order in which the keys came. */
  readonly places: Map<string, Place>;
  readonly values: Map<string, unknown>;
  /** Up to here the file has whole lines. */
  readonly size: number;
  /** Bytes behind the last whole line: a write that was cut off. */
  readonly tornBytes: number;
  /** Lines that are not as they were written. */
  readonly damagedLines: number;
}

/** The line that gives a key its value. */
export function putLine(key: string, value: unknown): Buffer {
  return lineOf(['put', key, encodeValue(value)]);
}

/** The line that takes keys away. */
export function removeLine(keys: readonly string[]): Buffer {
  return lineOf(['remove', ...keys]);
}

/**
 * Reads a log. A line that is torn or damaged is passed by, and counted.
 * @throws {Error} for a file that is no log
 */
export function readLog(path: string, bytes: Buffer): LogContents {
  const header = Buffer.from(HEADER);
  if (!bytes.subarray(0, header.length).equals(header)) {
    throw new Error(`${path} is no log of holdfast's, and is left as it is; give another path`);
  }
  const places = new Map<string, Place>();
  const values = new Map<string, unknown>();
  let damagedLines = 0;
  let offset = header.length;
  for (let end = bytes.indexOf(10, offset); end !== -1; end = bytes.indexOf(10, offset)) {
    const length = end + 1 - offset;
    const record = recordIn(bytes.subarray(offset, end));
    if (record === undefined) damagedLines++;
    else if (record[0] === 'put') {
      places.set(record[1], { offset, length });
      values.set(record[1], decodeValue(record[2]));
    } else {
      for (const key of record.slice(1) as string[]) {
        places.delete(key);
        values.delete(key);
      }
    }
    offset += length;
  }
  return { places, values, size: offset, tornBytes: bytes.length - offset, damagedLines };
}

/** A record as a line: its checksum, and JSON, which has no line breaks. */
function lineOf(record: LogRecord): Buffer {
  const json = JSON.stringify(record);
  return Buffer.from(`${sumOf(json)} ${json}\n`);
}

function recordIn(line: Buffer): LogRecord | undefined {
  const json = line.subarray(9);
  if (line.subarray(0, 9).toString('latin1') !== `${sumOf(json)} `) return undefined;
  return JSON.parse(json.toString()) as LogRecord;
}

function sumOf(json: string | Buffer): string {
  return crc32(json).toString(16).padStart(8, '0');
}
