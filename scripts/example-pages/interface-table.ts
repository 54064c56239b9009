import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** A member of an interface, and what its doc comment says. */
interface Member {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly meaning: string;
  readonly defaultText: string | undefined;
}

/** A table of options, from the doc comments of interfaces; of two options of one name the first stands. */
export function optionsTable(interfaces: readonly string[]): string {
  const members = new Map<string, Member>();
  for (const member of interfaces.flatMap(membersOf)) if (!members.has(member.name)) members.set(member.name, member);
  const rows = [...members.values()].map(({ name, type, required, meaning, defaultText }) => {
    const fallback = required ? '*must be given*' : (defaultText ?? '–');
    return `| \`${name}\` | ${cellCode(type)} | ${fallback} | ${meaning} |`;
  });
  return `| option | type | default | meaning |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

/** A table of events, from the doc comments of an interface whose members are their payloads. */
export function eventsTable(events: string): string {
  const rows = membersOf(events).map(({ name, type, meaning }) => `| \`${name}\` | ${cellCode(type)} | ${meaning} |`);
  return `| event | what it adds | when |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function membersOf(name: string): Member[] {
  return declarationOf(name).members.flatMap((member) => memberOf(member) ?? []);
}

/** The interface of that name, wherever in the sources it stands. */
function declarationOf(name: string): ts.InterfaceDeclaration {
  const files = (readdirSync('src', { recursive: true }) as string[]).filter((file) => file.endsWith('.ts'));
  for (const file of files) {
    const text = readFileSync(`src/${file}`, 'utf8');
    if (!text.includes(`export interface ${name}`)) continue;
    const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const found = statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === name);
    if (found !== undefined) return found as ts.InterfaceDeclaration;
  }
  throw new Error(`there is no interface ${name}`);
}

function memberOf(member: ts.TypeElement): Member | undefined {
  if (member.name === undefined) return undefined;
  const doc = ts.getJSDocCommentsAndTags(member).find(ts.isJSDoc);
  const tag = doc?.tags?.find(({ tagName }) => tagName.text === 'default');
  const defaultText = textOf(tag?.comment);
  return {
    name: ts.isStringLiteral(member.name) ? member.name.text : member.name.getText(),
    type: typeOf(member),
    required: member.questionToken === undefined,
    meaning: textOf(doc?.comment) ?? '',
    defaultText: defaultText === undefined ? undefined : asCode(defaultText),
  };
}

function typeOf(member: ts.TypeElement): string {
  if (ts.isPropertySignature(member)) return oneLine(withoutComments(member.type?.getText() ?? ''));
  if (!ts.isMethodSignature(member)) return '';
  const parameters = member.parameters.map((parameter) => parameter.getText()).join(', ');
  return oneLine(`(${parameters}) => ${member.type?.getText() ?? 'void'}`);
}

function withoutComments(type: string): string {
  return type.replaceAll(/\/\*\*[^]*?\*\//g, '');
}

function textOf(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string | undefined {
  const text = ts.getTextOfJSDocComment(comment);
  // Links are for editors: a page shows the name alone.
  return text === undefined ? undefined : oneLine(text.replaceAll(/\{@link (\w+)\}/g, '`$1`')).replaceAll('|', '\\|');
}

/** A default that is a value stands as code; one that is told in words does not. */
function asCode(text: string): string {
  return /^('.*'|[\d_.]+|true|false|Infinity|Math\.random|[a-z]+[A-Z]\w*)$/.test(text) ? `\`${text}\`` : text;
}

function cellCode(type: string): string {
  return type === 'Record<never, never>' ? '–' : `\`${type.replaceAll('|', '\\|')}\``;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
