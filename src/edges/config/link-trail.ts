import { lstatSync, readlinkSync, statSync } from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';

/** A folder that bears part of the way to a file, and the names in it that the way goes by. */
export interface TrailFolder {
  readonly path: string;
  /** Changes when another folder stands under the same path. */
  readonly identity: string;
  readonly names: ReadonlySet<string>;
}

// As many as systems follow before they give up.
const MOST_LINKS = 40;

/**
 * The folders in which a change can make a path another file: where it stands, where each link on the way to it stands,
 * and where the way ends for now when a part of it is absent.
 */
export function trailOf(path: string): TrailFolder[] {
  const names = new Map<string, Set<string>>();
  const note = (folder: string, name: string) => names.set(folder, (names.get(folder) ?? new Set()).add(name));
  let { at, rest } = wayTo(path);
  let links = 0;
  while (rest.length > 0) {
    const [name = '', ...further] = rest;
    const next = join(at, name);
    const target = linkAt(next);
    if (target === 'absent' || further.length === 0 || target !== undefined) note(at, name);
    if (target === 'absent' || (target !== undefined && ++links > MOST_LINKS)) break;
    ({ at, rest } = target === undefined ? { at: next, rest: further } : wayTo(join(target.path, ...further)));
  }
  return [...names].flatMap(([folder, inIt]) => {
    const found = statSync(folder, { throwIfNoEntry: false });
    return found === undefined ? [] : [{ path: folder, identity: `${found.dev}:${found.ino}`, names: inIt }];
  });
}

function wayTo(path: string): { at: string; rest: string[] } {
  const whole = resolve(path);
  const { root } = parse(whole);
  return { at: root, rest: whole.slice(root.length).split(sep).filter(Boolean) };
}

/** Where a link leads; undefined for what is no link. */
function linkAt(path: string): { path: string } | 'absent' | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 'absent';
  return found.isSymbolicLink() ? { path: resolve(dirname(path), readlinkSync(path)) } : undefined;
}
