/// <reference types="node" />
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type Examination, examine } from './examine.js';
import { countOf, jsonReport, textReport } from './report.js';

const HELP = `holdfast doctor <module> … – says what a person who knows the field would say of the policies in your modules

  <module>   a JavaScript file; what it exports is looked at, and what it has wrapped. It is imported, so it runs.
             TypeScript takes a loader of yours: NODE_OPTIONS='--import tsx' npx holdfast doctor src/quotes.ts
  --json     prints the advice as JSON
  --help     prints this

ends with 0 without warnings, with 1 where there are some, with 2 when it cannot tell
`;

/** How a run of the command ends. */
export interface CommandEnd {
  readonly code: 0 | 1 | 2;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the command line after `holdfast`.
 * @param args Without the program's name.
 */
export async function run(args: readonly string[]): Promise<CommandEnd> {
  try {
    const { values, positionals } = parse(args);
    if (values.help === true) return { code: 0, stdout: HELP, stderr: '' };
    const [command, ...paths] = positionals;
    if (command !== 'doctor') throw new Error(`there is no command '${command ?? ''}', only doctor; see --help`);
    if (paths.length === 0) throw new Error('doctor takes the path of at least one module; see --help');
    const examination = await examineFiles(paths.map((path) => resolve(path)));
    const code = countOf(examination.advice, 'warning') > 0 ? 1 : 0;
    return { code, stdout: values.json === true ? jsonReport(examination) : textReport(examination), stderr: '' };
  } catch (error) {
    return { code: 2, stdout: '', stderr: `holdfast: ${firstLineOf(error)}\n` };
  }
}

function parse(args: readonly string[]) {
  const options = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

async function examineFiles(files: readonly string[]): Promise<Examination> {
  const modules: object[] = [];
  const doctors = new Set([examine]);
  for (const file of files) {
    modules.push(await load(file));
    doctors.add((await copyUsedBy(file)) ?? examine);
  }
  return merged([...doctors].map((doctor) => doctor(...modules)));
}

async function load(file: string): Promise<object> {
  if (!existsSync(file)) throw new Error(`there is no file ${file}`);
  try {
    return (await import(pathToFileURL(file).href)) as object;
  } catch (error) {
    throw new Error(`cannot load ${file}: ${firstLineOf(error)}${hintFor(file, error)}`, { cause: error });
  }
}

/** Node by itself does not know TypeScript, or strips its types and stumbles over decorators. */
function hintFor(file: string, error: unknown): string {
  const isUnread =
    error instanceof SyntaxError || (error as { code?: unknown } | undefined)?.code === 'ERR_UNKNOWN_FILE_EXTENSION';
  if (!isUnread || !/\.[cm]?tsx?$/.test(file)) return '';
  return "; TypeScript takes a loader, such as NODE_OPTIONS='--import tsx'";
}

/** What is decorated with another copy of the package is known to that copy alone. */
async function copyUsedBy(file: string): Promise<typeof examine | undefined> {
  try {
    const path = createRequire(file).resolve('holdfast/doctor');
    return ((await import(pathToFileURL(path).href)) as { examine: typeof examine }).examine;
  } catch {
    return undefined;
  }
}

/** What several copies have found: the shared registry is looked at by all of them. */
function merged(examinations: readonly Examination[]): Examination {
  const sites = [...new Set(examinations.flatMap((one) => one.sites))].sort();
  const advice = [...new Map(examinations.flatMap((one) => one.advice.map((said) => [said.text, said]))).values()];
  return { sites, advice: sites.flatMap((site) => advice.filter((one) => one.site === site)) };
}

function firstLineOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0] ?? '';
}
