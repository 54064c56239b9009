import { describe, expect, test } from 'vitest';
import { Registry } from '../../src/index.js';
import { everyPolicy } from './every-policy.js';

const registry = new Registry();
// Types are out of the way here: this is what a JavaScript program may do.
const notFunctions = [undefined, null, 5, 'text', {}, []];

describe.each(everyPolicy)('$kind is refused', ({ make }) => {
  const policy = make({ registry });

  test('on a class', () => {
    expect(() => {
      @policy
      class Service {}
      return Service;
    }).toThrow(TypeError);
    expect(() => policy(class Service {})).toThrow(/cannot decorate the class Service: decorate its methods/);
  });

  test('on a setter', () => {
    expect(() => {
      class Service {
        @policy set price(_: number) {}
      }
      return Service;
    }).toThrow(/cannot decorate the setter price/);
  });

  test.each(notFunctions)('on a field that holds %o', (value) => {
    class Service {
      @policy run = value;
    }
    expect(() => new Service()).toThrow(TypeError);
    expect(() => new Service()).toThrow(/the field run does not hold a function/);
  });

  test.each(notFunctions)('on an accessor that holds %o', (value) => {
    class Service {
      @policy accessor run = value;
    }
    expect(() => new Service()).toThrow(TypeError);
    expect(() => new Service()).toThrow(/the accessor run does not hold a function/);
  });

  test.each(notFunctions)('on an accessor that is set to %o', (value) => {
    class Service {
      @policy accessor run: unknown = () => 1;
    }
    const service = new Service();

    expect(() => {
      service.run = value;
    }).toThrow(TypeError);
  });

  test.each(notFunctions)('as a wrapper of %o', (value) => {
    expect(() => policy(value)).toThrow(TypeError);
  });

  test.each(notFunctions)('for a call made once of %o', (value) => {
    expect(() => policy.execute(value as never)).toThrow(TypeError);
  });
});
