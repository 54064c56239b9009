import { parseArgs } from 'node:util';

/** A mistake in what was typed. */
export class UsageError extends Error {}

/** Runs a command; a mistake in what was typed is told without a stack. */
export async function tellMistakes(command) {
  try {
    await command();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** Every option that some part reads: what follows it, and what it does. */
const meanings = {
  quick: ['', 'fewer rounds, processes, stacks and calls: a look, not a result'],
  case: ['NAME', 'only this one; may be given several times'],
  group: ['NAME', 'only this library; may be given several times'],
  processes: ['N', 'so many processes of each'],
  rounds: ['N', 'so many rounds'],
  seed: ['N', 'of the random stacks; 1 if not given'],
  calls: ['N', 'so many calls'],
  json: ['FILE', 'writes the result there'],
  dist: ['DIRECTORY', 'the build to measure; dist/node if not given'],
  node: ['BINARY', 'the Node to measure with, a path or 20, 22, 24; this one if not given'],
  help: ['', 'prints this'],
};
const defaults = { quick: false, case: [], group: [], seed: 1, dist: 'dist/node', node: process.execPath };

/** The part that was named, and its options: each one that it does not read, or that reads as nothing, is refused. */
export function readOptions(words, parts) {
  const { values, positionals } = parsed(words);
  const [part = 'policies', ...rest] = positionals;
  if (rest.length > 0 || !Object.hasOwn(parts, part)) {
    throw new UsageError(
      `npm run bench takes one part of ${Object.keys(parts).join(', ')}; got ${positionals.join(' ')}`,
    );
  }
  const { takes } = parts[part];
  for (const name of Object.keys(values)) {
    if (name !== 'help' && !takes.includes(name)) {
      throw new UsageError(`${part} does not read --${name}; it takes ${takes.map((own) => `--${own}`).join(', ')}`);
    }
    if (meanings[name][0] === 'N') values[name] = wholeNumber(name, values[name]);
  }
  return { part, options: { ...defaults, ...values } };
}

function parsed(words) {
  const options = Object.entries(meanings).map(([name, [value]]) => {
    const type = value === '' ? 'boolean' : 'string';
    return [name, { type, multiple: value === 'NAME' }];
  });
  return parsedArgs({ args: words, allowPositionals: true, options: Object.fromEntries(options) });
}

/** What `parseArgs` makes of what was typed. */
export function parsedArgs(config) {
  try {
    return parseArgs(config);
  } catch (error) {
    const [what] = error.message.split(/[.\n]/);
    const known = Object.keys(config.options).map((name) => `--${name}`);
    throw new UsageError(`${what}; the options are ${known.join(', ')}`, { cause: error });
  }
}

/** A number that was typed for an option. */
export function wholeNumber(name, text) {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new UsageError(`--${name} takes a whole number from 1, got ${text === '' ? 'nothing' : text}`);
}

/** Of what there is, what was asked for: all where nothing was. */
export function chosen(option, wanted, known) {
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`--${option} takes ${known.map((name) => `'${name}'`).join(', ')}; got '${unknown}'`);
  }
  return wanted.length === 0 ? known : wanted;
}

/** What there is to measure, and what each part takes. */
export function usage(parts) {
  const lines = ['npm run bench [-- PART] [OPTIONS]', '', 'Parts; without a name policies runs:'];
  for (const [name, { about, takes }] of Object.entries(parts)) {
    lines.push(`  ${name.padEnd(10)} ${about}`, `  ${''.padEnd(10)} ${takes.map((own) => `--${own}`).join(' ')}`);
  }
  lines.push('', 'Options:');
  for (const [name, [value, meaning]] of Object.entries(meanings)) {
    lines.push(`  ${`--${name} ${value}`.padEnd(18)} ${meaning}`);
  }
  return `${lines.join('\n')}\n\nSee docs/performance.md.\n`;
}
