/** Prints the command that the README tells people to test with, so that CI runs that and no other. */
import { readFileSync } from 'node:fs';

const command = /^npm ci .*npm test.*$/m.exec(readFileSync('README.md', 'utf8'))?.[0];
if (command === undefined) throw new Error('README.md names no test command');
process.stdout.write(`${command}\n`);
