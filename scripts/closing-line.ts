import { appendFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends each run with `N passed, N failed`, and adds the numbers as a line of JSON to the file that
 * `HOLDFAST_COUNTS` names, if it does.
 */
export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandled.length;
    for (const module of modules) {
      // A file that could not be loaded has no tests to count: it is a failure itself.
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed++;
        else if (state === 'failed') failed++;
      }
    }
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
    const file = process.env['HOLDFAST_COUNTS'];
    if (file !== undefined) appendFileSync(file, `${JSON.stringify({ passed, failed })}\n`);
  }
}
