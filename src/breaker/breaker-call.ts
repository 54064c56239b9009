import { callerSignal, isCallersAbort } from '../base/caller-signal.js';
import type { CircuitOpenError } from '../base/errors.js';
import { truePromise } from '../base/thenable.js';
import type { BreakerSettings } from './breaker-settings.js';
import { isPermit, type Permit } from './permit.js';
import type { Site } from './rejections.js';

/** What gives leave to run a call, and is told what it came to. */
export interface PermitDesk {
  tryAcquire(site?: Site): Permit | CircuitOpenError;
  succeed(permit: Permit, value?: unknown): void;
  fail(permit: Permit, error: unknown): void;
  ignore(permit: Permit): void;
}

/** Runs a function under a permit of its own, and hands on what it gives or throws. */
export function callThrough<Args extends readonly unknown[], Result>(
  desk: PermitDesk,
  settings: BreakerSettings,
  fn: (...args: Args) => Result,
  args: Args,
): Result {
  const permit = desk.tryAcquire(fn);
  if (!isPermit(permit)) {
    if (settings.answersWithPromise(fn)) return Promise.reject(permit) as Result;
    throw permit;
  }
  let result: Result;
  try {
    result = truePromise(fn(...args)) as Result;
    if (result instanceof Promise) {
      settings.noteAnswer('promises');
      return settleLater(desk, permit, result, args) as Result;
    }
    settings.noteAnswer('values');
  } catch (error) {
    failOrAbort(desk, permit, error, args);
    throw error;
  }
  desk.succeed(permit, result);
  return result;
}

function settleLater(
  desk: PermitDesk,
  permit: Permit,
  result: Promise<unknown>,
  args: readonly unknown[],
): Promise<unknown> {
  return result.then(
    (value) => {
      desk.succeed(permit, value);
      return value;
    },
    (error) => {
      failOrAbort(desk, permit, error, args);
      throw error;
    },
  );
}

function failOrAbort(desk: PermitDesk, permit: Permit, error: unknown, args: readonly unknown[]): void {
  if (isCallersAbort(error, callerSignal(args))) desk.ignore(permit);
  else desk.fail(permit, error);
}
