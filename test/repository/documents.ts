import { dirname, join } from 'node:path/posix';

/** Each link of a Markdown page to a file that is not there; `paths` are all files and folders. */
export function brokenLinks(page: string, text: string, paths: ReadonlySet<string>): string[] {
  const prose = text.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '');
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
  return links
    .filter((link) => !/^(https?:|mailto:|#)/.test(link))
    .filter((link) => !paths.has(join(dirname(page), link.replace(/#.*$/, '')).replace(/\/$/, '')))
    .map((link) => `${page} links to ${link}, which is not there`);
}

/** Each row of the feature list that claims to be done and does not link its test, page and example. */
export function halfTickedRows(features: string): string[] {
  return featureRows(features)
    .filter(({ done }) => done.includes('✓') && !['test/', 'docs/', 'examples/'].every((part) => linksTo(done, part)))
    .map(({ id }) => `${id} is ticked without a link to its test, page and example`);
}

/** The ids of the rows, in order. */
export function featureIds(features: string): string[] {
  return featureRows(features).map(({ id }) => id);
}

function featureRows(features: string): { id: string; done: string }[] {
  const rows = features.matchAll(/^\| ([A-H]\d+) \|.*\|([^|]*)\|$/gm);
  return [...rows].map(([, id = '', done = '']) => ({ id, done }));
}

/** Pages lie in `docs/`, so what is linked as `features/x.md` or `policies/x.md` is a page too. */
function linksTo(done: string, part: string): boolean {
  const links = [...done.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => join('docs', match[1] ?? ''));
  return links.some((link) => link.startsWith(part));
}
