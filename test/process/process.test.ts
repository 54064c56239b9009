import { describe, expect, test } from 'vitest';
import { runProgram } from './run-program.js';

// Each test is a process of its own, on real time: what is asked is what the process does, not the clock.
const LIMIT_MS = 60_000;
/** A busy machine is slow to notice the end of a process. */
const SLACK_MS = 5_000;

describe('a program', () => {
  test(
    'exits by itself with an open breaker, a full cache and kept calls',
    async () => {
      const { code, stdout, stderr, ranMs } = await runProgram('full-state');

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const snapshot = JSON.parse(stdout.split('\n')[1] ?? '') as object;
      expect(snapshot).toMatchObject({
        breakers: { down: { state: 'open' } },
        caches: { full: { size: 100 } },
        deadLetters: { letters: { size: 10 } },
      });
      expect(ranMs).toBeLessThan(SLACK_MS);
    },
    LIMIT_MS,
  );

  test(
    'hears of no unhandled rejection and no listener leak from what nobody waits for',
    async () => {
      const { code, stdout, stderr } = await runProgram('losing-branches');

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout.split('\n').filter(Boolean)).toEqual(['begun', '{"settled":30,"of":30}']);
    },
    LIMIT_MS,
  );

  test(
    'is not cut off while it awaits a call whose timeout or backoff is pending',
    async () => {
      const { code, stdout } = await runProgram('top-level-await');

      expect({ code, lines: stdout.split('\n').filter(Boolean) }).toEqual({
        code: 0,
        lines: ['begun', 'timeout: TimeoutError', 'attempt: 3'],
      });
    },
    LIMIT_MS,
  );

  test(
    'stays for a hung function until its caller is answered, and not longer',
    async () => {
      const { code, stdout, ranMs } = await runProgram('hung-function');

      expect({ code, lines: stdout.split('\n').filter(Boolean) }).toEqual({
        code: 0,
        lines: ['begun', 'ERR_TIMEOUT', 'ERR_DEADLINE'],
      });
      expect(ranMs).toBeGreaterThan(100);
      expect(ranMs).toBeLessThan(SLACK_MS);
    },
    LIMIT_MS,
  );

  test(
    'stays for a caller who waits for a resource and for the end of a pool, and not for what is idle or hangs',
    async () => {
      const { code, stdout, stderr, ranMs } = await runProgram('pool');

      expect({ code, stderr, lines: stdout.split('\n').filter(Boolean) }).toEqual({
        code: 0,
        stderr: '',
        lines: ['begun', 'ERR_QUEUE_TIMEOUT', 'ERR_QUEUE_TIMEOUT', '{"idle":1,"left":0}'],
      });
      expect(ranMs).toBeLessThan(SLACK_MS);
    },
    LIMIT_MS,
  );

  test(
    'has a flat heap while it streams 1 000 000 items, page by page and several pages at once',
    async () => {
      const { code, stdout, stderr } = await runProgram('stream', ['--expose-gc']);

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const lines = stdout.split('\n').filter(Boolean).slice(1);
      expect(lines).toHaveLength(2);
      for (const line of lines) {
        const { items, heaps } = JSON.parse(line) as { items: number; heaps: number[] };
        expect(items).toBe(1_000_000);
        expect(heaps).toHaveLength(4);
        expect(Math.max(...heaps)).toBeLessThan((heaps[0] ?? 0) + 2);
      }
    },
    LIMIT_MS,
  );

  test(
    'has a flat heap while it processes 300 000 items of a source that nobody knows the end of',
    async () => {
      const { code, stdout, stderr } = await runProgram('batch', ['--expose-gc']);

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { success, heaps } = JSON.parse(stdout.split('\n')[1] as string) as { success: number; heaps: number[] };
      expect(success).toBe(300_000);
      expect(heaps).toHaveLength(4);
      expect(Math.max(...heaps)).toBeLessThan((heaps[0] ?? 0) + 2);
    },
    LIMIT_MS,
  );

  test(
    'stays while calls wait for a throttle, and not for a caller who has given up',
    async () => {
      const { code, stdout, stderr, ranMs } = await runProgram('throttle');

      expect({ code, stderr, lines: stdout.split('\n').filter(Boolean) }).toEqual({
        code: 0,
        stderr: '',
        lines: ['begun', '1,2,3', 'drawn', 'given up'],
      });
      expect(ranMs).toBeGreaterThan(160);
      expect(ranMs).toBeLessThan(SLACK_MS);
    },
    LIMIT_MS,
  );

  test(
    'has a flat heap after 10 000 wrapped functions and 1 000 000 calls',
    async () => {
      const { code, stdout, stderr } = await runProgram('heap', ['--expose-gc']);

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { before, wrapped, called } = JSON.parse(stdout.split('\n')[1] ?? '') as Record<string, number>;
      expect(wrapped).toBeLessThan((before ?? 0) + 2);
      expect(called).toBeLessThan((wrapped ?? 0) + 2);
    },
    LIMIT_MS,
  );
});
