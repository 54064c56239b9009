/** Ends a CI run with `N passed, N failed`: the tests of all its runs, and each step that failed as a failure more. */
import { existsSync, readFileSync } from 'node:fs';

const [file, brokenSteps] = process.argv.slice(2);
const runs = existsSync(file)
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  : [];
const passed = runs.reduce((sum, run) => sum + run.passed, 0);
const failed = runs.reduce((sum, run) => sum + run.failed, 0);

// A step may break without a failing test (lint, types, coverage): the line must not then claim that none did.
process.stdout.write(`${passed} passed, ${failed === 0 ? brokenSteps : failed} failed\n`);
