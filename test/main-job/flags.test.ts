import { describe, expect, test } from 'vitest';
import { readFlags } from '../../examples/main-job/flags.js';

describe('the command line', () => {
  test('without a flag the job runs for 30 s with the scripted upstream', () => {
    expect(readFlags([])).toEqual({
      seconds: 30,
      seed: 1,
      upstream: undefined,
      port: 0,
      folder: undefined,
      output: 'table',
    });
  });

  test('every flag is taken', () => {
    expect(readFlags('--seconds 2.5 --seed 4294967295 --port 8080 --folder /data/job --json'.split(' '))).toEqual({
      seconds: 2.5,
      seed: 4_294_967_295,
      upstream: undefined,
      port: 8_080,
      folder: '/data/job',
      output: 'json',
    });
    expect(readFlags(['--upstream', 'http://localhost:1/quote/{symbol}']).upstream).toBe(
      'http://localhost:1/quote/{symbol}',
    );
  });

  test('--help wins over everything that is well-formed', () => {
    expect(readFlags(['--help', '--json', '--seconds', 'long']).output).toBe('help');
  });

  test.each([
    [['--seconds', '0'], '--seconds takes a number from 1 to 86400, got "0"'],
    [['--seconds', ''], '--seconds takes'],
    [['--seconds', 'Infinity'], '--seconds takes'],
    [['--seconds'], "Option '--seconds <value>' argument missing"],
    [['--seconds', '-3'], "Option '--seconds' argument is ambiguous"],
    [['--seconds=-3'], '--seconds takes'],
    [['--seed', '1.5'], '--seed takes a whole number from 0 to 4294967295, got "1.5"'],
    [['--seed', '4294967296'], '--seed takes'],
    [['--port', '65536'], '--port takes a whole number from 1 to 65535'],
    [['--port', '0'], '--port takes'],
    [['--upstream', 'localhost:80'], '--upstream takes an http or https URL, got "localhost:80"'],
    [['--upstream', 'nowhere'], '--upstream takes'],
    [['--upstream', 'http://x', '--port', '80'], 'exclude each other'],
    [['--folder', ''], '--folder takes the path of a folder, got ""'],
    [['--second', '3'], "Unknown option '--second'"],
    [['--json=yes'], "Option '--json' does not take an argument"],
    [['now'], "Unexpected argument 'now'"],
  ])('%j is refused in one line', (args, message) => {
    expect(() => readFlags(args)).toThrow(message);
    expect(() => readFlags(args)).toThrow(/^[^\n]*$/);
  });
});
