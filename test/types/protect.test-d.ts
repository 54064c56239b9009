import { expectTypeOf } from 'vitest';
import {
  cached,
  circuitBreaker,
  compose,
  fallback,
  type Protection,
  protect,
  resilient,
  retryWithBackoff,
  timed,
  timeout,
} from '../../src/index.js';

/** An SDK's client. */
declare class Client {
  region: string;
  count(n: number): number;
  send(text: string, times?: number): Promise<string>;
  backup(text: string): Promise<string>;
  over(text: string): Promise<string>;
  over(count: number): Promise<number>;
  generic<T>(value: T): Promise<T>;
  get size(): number;
  get later(): Promise<number>;
  field: (text: string) => Promise<number>;
  optional?: () => Promise<void>;
  private hidden(): void;
  static make(n: number): Promise<Client>;
}
declare const client: Client;

expectTypeOf(protect(client, { send: timeout() })).toEqualTypeOf<Protection>();
protect(client, {
  over: retryWithBackoff(),
  generic: compose(timed(), timeout()),
  field: timeout(),
  optional: timeout(),
});
protect(client, { count: timed(), size: cached(), later: timeout() });
protect(client, { send: fallback((text: string) => text), count: fallback.value(1) });
protect(client, { send: fallback('backup') });
protect(client, { send: cached({ key: (text: string) => text }) });
protect(client, { send: resilient({ preset: 'production', fallback: async (text: string) => text }) });
protect(Client, { make: timeout() }, { name: 'sdk' });
protect(Client.prototype, { send: circuitBreaker() });

// @ts-expect-error a policy that waits, on a method that does not
protect(client, { count: timeout() });
// @ts-expect-error one of them waits
protect(client, { count: compose(timed(), retryWithBackoff()) });
// @ts-expect-error a getter that does not wait
protect(client, { size: timeout() });
// @ts-expect-error no such method
protect(client, { snd: timed() });
// @ts-expect-error not for others
protect(client, { hidden: timed() });
// @ts-expect-error the instances have it
protect(Client, { send: timed() });
// @ts-expect-error no static to be protected
protect(Client, { prototype: timed() });
// @ts-expect-error other arguments
protect(client, { send: fallback((count: number) => String(count)) });
// @ts-expect-error another result
protect(client, { send: fallback((text: string) => text.length) });
// @ts-expect-error a method of another shape
protect(client, { send: fallback('count') });
// @ts-expect-error no such method
protect(client, { send: fallback('nope') });
// @ts-expect-error the key reads other arguments
protect(client, { send: cached({ key: (count: number) => String(count) }) });
// @ts-expect-error no policy
protect(client, { send: () => 1 });
// @ts-expect-error no object
protect(5, { toFixed: timed() });
// @ts-expect-error no such option
protect(client, { send: timed() }, { nam: 'sdk' });
