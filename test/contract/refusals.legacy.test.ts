import { describe, expect, test } from 'vitest';
import { Registry } from '../../src/index.js';
import { everyPolicy } from './every-policy.js';

const registry = new Registry();

describe.each(everyPolicy)('$kind is refused in legacy mode', ({ make, bulk }) => {
  const policy = make({ registry });

  test('on a class', () => {
    expect(() => {
      @policy
      class Service {}
      return Service;
    }).toThrow(/cannot decorate the class Service: decorate its methods/);
  });

  test('on a setter', () => {
    expect(() => {
      class Service {
        @policy set price(_: number) {}
      }
      return Service;
    }).toThrow(/cannot decorate the setter price/);
  });

  test('on a property', () => {
    expect(() => {
      class Service {
        @policy price = () => 1;
      }
      return Service;
    }).toThrow(/cannot decorate the property price in legacy mode/);
  });

  test('on a parameter', () => {
    expect(() => {
      class Service {
        price(@policy symbol: string): string {
          return symbol;
        }
      }
      return Service;
    }).toThrow(/cannot decorate a parameter of price/);
  });

  test('on a parameter of the constructor', () => {
    expect(() => {
      class Service {
        constructor(@policy _symbol: string) {}
      }
      return Service;
    }).toThrow(TypeError);
  });

  // A getter takes no list, so that nothing of it can be merged.
  if (bulk) return;

  test('on nothing: of a get/set pair it wraps `get`', async () => {
    const log: unknown[] = [];
    class Service {
      @policy get price(): unknown {
        return Promise.resolve(1);
      }
      set price(value: unknown) {
        log.push(value);
      }
    }
    const service = new Service();

    expect(await service.price).toBe(1);
    service.price = 2;
    expect(log).toEqual([2]);
  });
});
