import type { CaseRow } from './results.js';

/** What must be true of a run, not of a library. */
const REFERENCES: ReadonlySet<string> = new Set([
  'bare',
  'bare again',
  'async layer',
  'shared then',
  'bare sync',
  'sync again',
]);

/** A job, the library's case of it, and those of the others, the fastest first. */
export interface Job {
  readonly name: string;
  readonly own: CaseRow | undefined;
  readonly others: readonly CaseRow[];
}

/** The jobs that were measured, in the order of the library's cases. */
export function jobsOf(rows: readonly CaseRow[]): Job[] {
  const cases = rows.filter(({ name, group }) => !REFERENCES.has(name) && group !== 'stacks');
  const names = [...new Set(cases.map(({ name }) => name))];
  return names.map((name) => {
    const all = cases.filter((row) => row.name === name);
    const others = all.filter(({ group }) => group !== 'holdfast').sort((one, other) => one.ratio - other.ratio);
    return { name, own: all.find(({ group }) => group === 'holdfast'), others };
  });
}
