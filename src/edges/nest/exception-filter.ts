import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import type { Observable } from 'rxjs';
import {
  type DeadlineExceededError,
  type ErrorCode,
  RateLimitedError,
  RejectedError,
  type ResilienceError,
  type TimeoutError,
} from '../../base/errors.js';

/** Where the adapter of the application is: NestJS provides it by the class `HttpAdapterHost`. */
interface AdapterHost {
  readonly httpAdapter: Pick<AbstractHttpAdapter, 'isHeadersSent' | 'setHeader' | 'reply' | 'end'>;
}

/** How the error of a message is handed on: NestJS takes streams there, of rxjs. */
interface Streams {
  readonly throwError: (make: () => unknown) => Observable<never>;
}

/** What is made of the errors of the toolkit. */
type Mapped = RejectedError | TimeoutError | DeadlineExceededError;

const REASONS = { 429: 'Too Many Requests', 503: 'Service Unavailable', 504: 'Gateway Timeout' } as const;

/** What is told of an error to who called from outside. */
interface Told {
  readonly statusCode: keyof typeof REASONS;
  readonly code: ErrorCode;
  readonly message: string;
  /** When to come back, in whole seconds; undefined when nobody can know. */
  readonly retryAfterSeconds: number | undefined;
}

/**
 * Answers calls that the toolkit has ended: over a rate limit with 429, otherwise rejected with 503, out of time with 504,
 * each with `Retry-After` when it is known; in GraphQL with an error whose `extensions` say the same, and in microservices
 * with an object that does. What the error says stays inside; its code goes out.
 */
export class HoldfastExceptionFilter implements ExceptionFilter<Mapped> {
  readonly #host: AdapterHost;
  readonly #streams: Streams | undefined;

  /** @param streams `rxjs`, where messages of microservices are to be answered too; the module gives it */
  constructor(host: AdapterHost, streams?: Streams) {
    this.#host = host;
    this.#streams = streams;
  }

  /**
   * Answers over HTTP, in a resolver's place, and to a message: there with a stream that ends with the error.
   * @throws {Error} for GraphQL, to be listed under the `errors` of the answer
   * @throws the error as it is, elsewhere
   */
  catch(error: Mapped, host: ArgumentsHost): Observable<never> | undefined {
    const type = host.getType<string>();
    if (type === 'graphql') throw forGraphQL(error);
    if (type === 'rpc' && this.#streams !== undefined) return this.#streams.throwError(() => forMessage(error));
    if (type !== 'http') throw error;
    this.#reply(error, host);
    return undefined;
  }

  #reply(error: Mapped, host: ArgumentsHost): void {
    const { statusCode, code, message, retryAfterSeconds } = toldOf(error);
    const { httpAdapter } = this.#host;
    const response: unknown = host.switchToHttp().getResponse();
    if (httpAdapter.isHeadersSent(response)) {
      httpAdapter.end(response);
      return;
    }
    if (retryAfterSeconds !== undefined) httpAdapter.setHeader(response, 'Retry-After', String(retryAfterSeconds));
    httpAdapter.reply(response, { statusCode, error: REASONS[statusCode], code, message }, statusCode);
  }
}

/**
 * An error as servers of GraphQL take it: they send its message and its `extensions`. One answer has many fields, so the
 * status of the whole is theirs to choose.
 */
function forGraphQL(error: Mapped): Error {
  const { message, ...extensions } = toldOf(error);
  return Object.assign(new Error(message, { cause: error }), { extensions });
}

/** An error as transports of NestJS take it: they send objects as they are. */
function forMessage(error: Mapped): object {
  return { status: 'error', ...toldOf(error) };
}

function toldOf(error: Mapped): Told {
  const retryAfterSeconds = secondsUntilRetry(error);
  const message = retryAfterSeconds === undefined ? 'Try again later' : `Try again in ${retryAfterSeconds} s`;
  return { statusCode: statusOf(error), code: error.code, message, retryAfterSeconds };
}

function statusOf(error: ResilienceError): keyof typeof REASONS {
  if (error instanceof RateLimitedError) return 429;
  return error instanceof RejectedError ? 503 : 504;
}

/** Whole seconds, rounded up: who comes back a moment too early is rejected again. */
function secondsUntilRetry(error: ResilienceError): number | undefined {
  const waitMs = error instanceof RejectedError ? error.retryAfterMs : undefined;
  return waitMs === undefined || !Number.isFinite(waitMs) ? undefined : Math.max(1, Math.ceil(waitMs / 1_000));
}
