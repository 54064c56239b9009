import { describe, expect, test } from 'vitest';
import { ArgumentKeys } from '../../src/cache/argument-keys.js';
import { LoadingCache } from '../../src/cache/loading-cache.js';
import type { CacheEvent } from '../../src/cache/cache-events.js';

describe('a cache whose keys are arguments', () => {
  function make() {
    const keys = new ArgumentKeys('hosts');
    const events: CacheEvent[] = [];
    const cache = new LoadingCache<string, string>({}, { keys, onEvent: (event) => void events.push(event) });
    const call = (...args: unknown[]) => cache.readThrough(keys.of(args), () => ({ result: `of ${args.join()}` }));
    return { cache, call, events };
  }

  test('is read by the text of the key', () => {
    const { cache, call } = make();
    call('web1');
    call(1);
    call('1', { limit: 2 });

    expect(cache.get('hosts:["web1"]')).toBe('of web1');
    expect(cache.get('hosts:[1]')).toBe('of 1');
    expect(cache.get('hosts:["1"]')).toBeUndefined();
    expect(cache.has('hosts:["1",{"limit":2}]')).toBe(true);
    expect(cache.get('web1')).toBeUndefined();
  });

  test('hands out what was set by the text of a key', () => {
    const { cache, call } = make();
    cache.set('hosts:["web1"]', 'warm');

    expect(call('web1')).toBe('warm');
    expect(cache.delete('hosts:["web1"]')).toBe(true);
    expect(call('web1')).toBe('of web1');
  });

  test('is invalidated by patterns of the text', () => {
    const { cache, call } = make();
    for (const args of [['web1'], ['web2'], ['my-web1', 7], [1]]) call(...args);

    expect(cache.invalidate('hosts:*web1*')).toBe(2);
    expect(cache.invalidate('hosts:[?]')).toBe(1);
    expect(cache.size).toBe(1);
  });

  test('tells its events by the text', () => {
    const { call, events } = make();
    call('web1');

    expect(events).toEqual([{ type: 'miss', key: 'hosts:["web1"]', shared: false }]);
  });
});
