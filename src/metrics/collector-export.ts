import { show } from '../base/options.js';
import { isObject } from '../base/is-object.js';
import { BUCKETS } from './bucket-index.js';
import { COUNT_KINDS } from './counts.js';
import type { TimingExport } from './family.js';
import type { SliceExport } from './slice.js';
import type { NamedValuesExport } from './values.js';

/** All that a collector knows, as plain JSON that another one can merge; its times are ages, so that clocks need not agree. */
export interface CollectorExport {
  /** Of the shape of this object. */
  version: 1;
  timings: Record<string, TimingExport>;
  counters: Record<string, NamedValuesExport>;
  gauges: Record<string, NamedValuesExport>;
}

/** Refuses what is not as it should be; `path` is where it stands. */
type Check = (value: unknown, path: string) => void;

/**
 * Checks what another process has sent, before any of it is merged.
 * @throws {TypeError} that names the first place where it is not what `export()` gives
 */
export function checkExport(value: unknown): CollectorExport {
  const version = isObject(value) ? (value as { version?: unknown }).version : undefined;
  if (version !== 1) {
    throw new TypeError(`merge takes a collector, or what the export() of one gave, got ${show(value)}`);
  }
  exported(value, '');
  return value as CollectorExport;
}

const amount: Check = (value, path) => {
  if (!Number.isFinite(value) || (value as number) < 0) refuse(path, 'a number from 0', value);
};

const whole: Check = (value, path) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) refuse(path, 'a whole number from 0', value);
};

const anyNumber: Check = (value, path) => {
  if (!Number.isFinite(value)) refuse(path, 'a number', value);
};

function listOf(each: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) refuse(path, 'an array', value);
    for (const [index, one] of (value as unknown[]).entries()) each(one, `${path}[${index}]`);
  };
}

function recordOf(each: Check): Check {
  return (value, path) => {
    if (!isObject(value) || Array.isArray(value)) refuse(path, 'an object', value);
    for (const [key, one] of Object.entries(value as object)) {
      if (key === '') refuse(path, 'names that are not empty', key);
      each(one, path === '' ? key : `${path}.${key}`);
    }
  };
}

function shape(must: Record<string, Check>, may: Record<string, Check> = {}): Check {
  const isRecord = recordOf(() => {});
  return (value, path) => {
    isRecord(value, path);
    const given = value as Record<string, unknown>;
    const at = (name: string) => (path === '' ? name : `${path}.${name}`);
    for (const [name, check] of Object.entries(must)) check(given[name], at(name));
    for (const [name, check] of Object.entries(may)) if (given[name] !== undefined) check(given[name], at(name));
  };
}

const fields = { count: whole, sum: amount, zeros: whole, errors: whole, buckets: listOf(whole) };
const counts = shape({}, Object.fromEntries(COUNT_KINDS.map((kind) => [kind, whole])));
const sliceShape = shape(fields, { closedForMs: amount, min: amount, max: amount, counts });

const slice: Check = (value, path) => {
  sliceShape(value, path);
  const { count, min, max, zeros, buckets } = value as SliceExport;
  if (count > 0 && (min === undefined || max === undefined)) refuse(path, '`min` and `max`', value);
  let counted = zeros;
  let last = -1;
  for (let place = 0; place < buckets.length; place += 2) {
    const bucket = buckets[place] as number;
    if (bucket <= last || bucket >= BUCKETS) refuse(`${path}.buckets[${place}]`, 'a bucket behind the last', bucket);
    last = bucket;
    counted += buckets[place + 1] ?? Number.NaN;
  }
  if (counted !== count) refuse(`${path}.count`, `what its buckets hold, ${counted}`, count);
};

const second: Check = (value, path) => {
  listOf(whole)(value, path);
  if ((value as unknown[]).length !== 2) refuse(path, 'two numbers', value);
};

const seriesFields = { slices: listOf(slice), calls: listOf(second), failures: listOf(second) };
const timing = shape(seriesFields, { byTags: recordOf(shape(seriesFields)), foldedTimings: whole });
const namedValue = shape({ value: anyNumber, changedMsAgo: amount });
const values = recordOf(shape({}, { own: namedValue, byTags: recordOf(namedValue) }));
const exported = shape({ timings: recordOf(timing), counters: values, gauges: values });

function refuse(path: string, takes: string, value: unknown): never {
  throw new TypeError(`merge: \`${path}\` takes ${takes}, got ${show(value)}`);
}
