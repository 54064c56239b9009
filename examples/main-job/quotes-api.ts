import { SIDE_HEADER, type SideName } from './upstream-report.js';
import type { Upstream } from './upstream.js';

/** An answer that says "no": the status and headers are where holdfast's severity and `Retry-After` look for them. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly headers: Headers;

  constructor(response: Response) {
    super(`HTTP ${response.status}`);
    this.status = response.status;
    this.headers = response.headers;
  }
}

/** A request as the service's methods make it. */
export interface ApiRequest {
  readonly kind: 'quote' | 'depth' | 'orders';
  readonly symbol: string;
  /** Makes a write safe to repeat: the upstream takes an order once however often it comes. */
  readonly orderId?: string;
  readonly signal?: AbortSignal;
}

/** The plain HTTP client under both services; it protects nothing. */
export class QuotesApi {
  readonly #upstream: Upstream;
  readonly #side: SideName;

  constructor(upstream: Upstream, side: SideName) {
    this.#upstream = upstream;
    this.#side = side;
  }

  /**
   * Sends one request, and gives the price in the answer if there is one.
   * @throws {HttpError} for a status that is no success
   */
  async send({ kind, symbol, orderId, signal }: ApiRequest): Promise<number | null> {
    const { url } = this.#upstream;
    const address = this.#upstream.kind === 'own' ? addressOf(url, symbol) : `${url}/${kind}/${symbol}`;
    this.#upstream.note(this.#side, 'sent');
    const response = await this.#reach(address, {
      method: kind === 'orders' ? 'POST' : 'GET',
      headers: { [SIDE_HEADER]: this.#side, ...(orderId !== undefined && { 'idempotency-key': orderId }) },
      ...(signal !== undefined && { signal }),
    });
    // Read in any case: a connection with an unread body is not used again.
    const text = await response.text();
    if (!response.ok) throw new HttpError(response);
    return priceIn(text);
  }

  async #reach(address: string, request: RequestInit): Promise<Response> {
    try {
      return await fetch(address, request);
    } catch (error) {
      if (!request.signal?.aborted) this.#upstream.note(this.#side, 'unreached');
      throw error;
    }
  }
}

/** Where a symbol is asked for at a service of the user's own. */
export function addressOf(url: string, symbol: string): string {
  return url.replaceAll('{symbol}', encodeURIComponent(symbol));
}

/** Why a request got no answer, in a word: the system's code where there is one. */
export function causeOf(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: unknown; message?: string } };
  if (name === 'TimeoutError') return 'no answer in time';
  return String(cause?.code ?? cause?.message ?? (error as Error).message);
}

function priceIn(text: string): number | null {
  try {
    const { price } = JSON.parse(text) as { price?: unknown };
    return typeof price === 'number' ? price : null;
  } catch {
    // A service of the user's own may answer with anything.
    return null;
  }
}
