/**
 * Runs each example and compares what it prints with what it claims to print: the text behind `// →`, line by line
 * (`…` stands for any text). `npm run examples`, or `npm run examples -- timeout` for one.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const runFile = promisify(execFile);
const TIME_LIMIT_MS = 60_000;

const wanted = process.argv.slice(2);
const files = readdirSync('examples')
  .filter((name) => name.endsWith('.ts'))
  .filter((name) => wanted.length === 0 || wanted.includes(name.replace(/\.ts$/, '')));

let failed = 0;
for (const file of files) {
  const complaint = await tryExample(`examples/${file}`);
  process.stdout.write(`${complaint === undefined ? '✓' : '✗'} ${file}\n${complaint ?? ''}`);
  if (complaint !== undefined) failed++;
}
process.stdout.write(`examples: ${files.length - failed} of ${files.length} print what they claim\n`);
process.exitCode = failed === 0 ? 0 : 1;

async function tryExample(path) {
  const claimed = readFileSync(path, 'utf8').match(/(?<=\/\/ → ).*/g) ?? [];
  if (claimed.length === 0) return '  it claims to print nothing: put `// → text` behind what prints\n';
  const tsconfig = path.endsWith('.legacy.ts') ? 'tsconfig.legacy.json' : 'tsconfig.json';
  const env = { ...process.env, TSX_TSCONFIG_PATH: tsconfig, NO_COLOR: '1', FORCE_COLOR: undefined };
  try {
    const { stdout, stderr } = await runFile(process.execPath, ['--import', 'tsx', path], {
      env,
      timeout: TIME_LIMIT_MS,
    });
    const printed = stdout.trimEnd().split('\n');
    return stderr === '' ? difference(claimed, printed) : `  it wrote to standard error:\n${indented(stderr)}`;
  } catch (error) {
    return `  it ended with ${error.signal ?? error.code}:\n${indented(`${error.stdout}${error.stderr}`)}`;
  }
}

function difference(claimed, printed) {
  for (let line = 0; line < Math.max(claimed.length, printed.length); line++) {
    if (fits(claimed[line], printed[line])) continue;
    return `  line ${line + 1} claims:  ${claimed[line] ?? '(nothing)'}\n  and prints:     ${printed[line] ?? '(nothing)'}\n`;
  }
  return undefined;
}

function fits(claim, line) {
  if (claim === undefined || line === undefined) return false;
  const parts = claim
    .trimEnd()
    .split('…')
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(line.trimEnd());
}

function indented(text) {
  return text.replaceAll(/^/gm, '    ').trimEnd().concat('\n');
}
