import { nearest } from '../../base/nearest.js';
import { show } from '../../base/options.js';
import { copyMetadata } from './personal-data.js';

const LONGEST_ERROR = 1_000;

/** An operation that has ended. */
export interface Operation {
  /** What sort of operation: `'api_request'`. */
  operationType: string;
  /** Which one: `'GET /api/users'`. */
  operationName: string;
  /** From 0. */
  durationMs: number;
  /** @default true */
  success?: boolean;
  /** Why it failed; cut at 1 000 characters. */
  errorMessage?: string | null | undefined;
  /** What else is to be known, as JSON can say it; keys that stand for personal data are refused. */
  metadata?: object | null | undefined;
}

/** An operation as it waits to be written. */
export interface OperationRecord {
  readonly operationType: string;
  readonly operationName: string;
  readonly durationMs: number;
  /** When it was recorded, in ms since 1970. */
  readonly at: number;
  readonly success: boolean;
  readonly errorMessage: string | null;
  readonly metadata: Record<string, unknown> | null;
}

const FIELDS: ReadonlySet<string> = new Set<keyof Operation>([
  'operationType',
  'operationName',
  'durationMs',
  'success',
  'errorMessage',
  'metadata',
]);

/**
 * Checks an operation, and copies what is kept of it.
 * @throws {TypeError} for a field that is unknown or of the wrong type, and for metadata that must not be kept
 * @throws {RangeError} for an empty text and for a duration below 0
 */
export function recordOf(operation: Operation, at: number): OperationRecord {
  if (typeof operation !== 'object' || operation === null) {
    throw new TypeError(`recordOperation takes an operation as one object, got ${show(operation)}`);
  }
  for (const field of Object.keys(operation)) if (!FIELDS.has(field)) throw unknownField(field);
  const { operationType, operationName, durationMs, success = true, errorMessage, metadata } = operation;
  checkText('operationType', operationType);
  checkText('operationName', operationName);
  if (typeof durationMs !== 'number') throw wrong(TypeError, 'durationMs', 'a time in ms from 0', durationMs);
  if (!(durationMs >= 0 && durationMs < Infinity))
    throw wrong(RangeError, 'durationMs', 'a time in ms from 0', durationMs);
  if (typeof success !== 'boolean') throw wrong(TypeError, 'success', 'true or false', success);
  return {
    operationType,
    operationName,
    durationMs,
    at,
    success,
    errorMessage: errorText(errorMessage),
    metadata: metadata === undefined || metadata === null ? null : copied(metadata),
  };
}

function errorText(message: unknown): string | null {
  if (message === undefined || message === null) return null;
  if (typeof message !== 'string') throw wrong(TypeError, 'errorMessage', 'a text', message);
  return message.length > LONGEST_ERROR ? message.slice(0, LONGEST_ERROR) : message;
}

function copied(metadata: unknown): Record<string, unknown> {
  if (typeof metadata !== 'object') throw wrong(TypeError, 'metadata', 'an object', metadata);
  return copyMetadata(metadata as object);
}

function checkText(field: string, value: unknown): void {
  if (typeof value !== 'string') throw wrong(TypeError, field, 'a text', value);
  if (value === '') throw wrong(RangeError, field, 'a text', value);
}

function wrong(type: new (message: string) => Error, field: string, takes: string, got: unknown): Error {
  return new type(`recordOperation: \`${field}\` takes ${takes}, got ${show(got)}`);
}

function unknownField(field: string): TypeError {
  const near = nearest(field, [...FIELDS]);
  const hint = near === undefined ? `it takes ${[...FIELDS].join(', ')}` : `did you mean \`${near}\`?`;
  return new TypeError(`recordOperation: unknown field \`${field}\`; ${hint}`);
}
