import { describe, expect, test } from 'vitest';
import { runProgram } from './run-program.js';

// A process of its own for each environment.
const LIMIT_MS = 60_000;

describe('a program that loads a configuration and watches it', () => {
  test(
    'is told by its environment before its file, and exits by itself',
    async () => {
      const env = {
        HOLDFAST_RECOVERY__RETRY__MAX_RETRIES: '2',
        HOLDFAST_POLICIES__WORK__TIMEOUT__MS: '20',
        HOLDFAST_REQUIRE_SERVICES: '1',
      };
      const { code, stdout, stderr } = await runProgram('config', [], env);

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout.split('\n').filter(Boolean)).toEqual(['begun', "3 'work' did not settle within 20 ms", 'open']);
    },
    LIMIT_MS,
  );

  test(
    'hears of each variable that is wrong',
    async () => {
      const env = { HOLDFAST_RECOVERY__RETRY__MAX_RETRYS: '2', HOLDFAST_RECOVERY__TIMEOUT__MS: 'soon' };
      const { stdout } = await runProgram('config', [], env);

      expect(stdout.split('\n').slice(1, 4)).toEqual([
        'holdfast.yaml is not as it should be, and nothing of it holds:',
        '  HOLDFAST_RECOVERY__RETRY__MAX_RETRYS: recovery.retry: unknown name `max_retrys`; did you mean `max_retries`?',
        '  HOLDFAST_RECOVERY__TIMEOUT__MS: recovery.timeout: `ms` takes a time in ms from 1, or Infinity, got "soon"',
      ]);
    },
    LIMIT_MS,
  );
});
