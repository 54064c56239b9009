import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import {
  type DeadlineExceededError,
  RateLimitedError,
  RejectedError,
  type ResilienceError,
  type TimeoutError,
} from '../../base/errors.js';

/** Where the adapter of the application is: NestJS provides it by the class `HttpAdapterHost`. */
interface AdapterHost {
  readonly httpAdapter: Pick<AbstractHttpAdapter, 'isHeadersSent' | 'setHeader' | 'reply' | 'end'>;
}

/** What is made of the errors of the toolkit. */
type Mapped = RejectedError | TimeoutError | DeadlineExceededError;

const REASONS = { 429: 'Too Many Requests', 503: 'Service Unavailable', 504: 'Gateway Timeout' } as const;

/**
 * Answers calls that the toolkit has ended: over a rate limit with 429, otherwise rejected with 503, out of time with 504,
 * each with `Retry-After` when it is known. What the error says stays inside; its code goes out.
 */
export class HoldfastExceptionFilter implements ExceptionFilter<Mapped> {
  readonly #host: AdapterHost;

  constructor(host: AdapterHost) {
    this.#host = host;
  }

  /** Answers over HTTP; elsewhere, as in GraphQL, the error goes on as it is. */
  catch(error: Mapped, host: ArgumentsHost): void {
    if (host.getType<string>() !== 'http') throw error;
    const status = statusOf(error);
    const seconds = retryAfterSeconds(error);
    const { httpAdapter } = this.#host;
    const response: unknown = host.switchToHttp().getResponse();
    if (httpAdapter.isHeadersSent(response)) {
      httpAdapter.end(response);
      return;
    }
    if (seconds !== undefined) httpAdapter.setHeader(response, 'Retry-After', String(seconds));
    const message = seconds === undefined ? 'Try again later' : `Try again in ${seconds} s`;
    httpAdapter.reply(response, { statusCode: status, error: REASONS[status], code: error.code, message }, status);
  }
}

function statusOf(error: ResilienceError): keyof typeof REASONS {
  if (error instanceof RateLimitedError) return 429;
  return error instanceof RejectedError ? 503 : 504;
}

/** Whole seconds, rounded up: who comes back a moment too early is rejected again. */
function retryAfterSeconds(error: ResilienceError): number | undefined {
  const waitMs = error instanceof RejectedError ? error.retryAfterMs : undefined;
  return waitMs === undefined || !Number.isFinite(waitMs) ? undefined : Math.max(1, Math.ceil(waitMs / 1_000));
}
