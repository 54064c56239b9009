/** A part of a page that is made from the sources: between `<!-- kind about -->` and `<!-- /kind -->`. */
export interface Block {
  /** What it is made of: `example`, `options`, `events`, `bench`. */
  readonly kind: string;
  /** What the opening comment names: the stem of an example, interfaces, or a part of the benchmark. */
  readonly about: readonly string[];
  readonly text: string;
}

const BLOCK = /<!-- (example|options|events|bench) ?(.*?) -->\n([^]*?)<!-- \/\1 -->/g;

/** The generated parts of a page, in order. */
export function blocksOf(page: string): Block[] {
  return [...page.matchAll(BLOCK)].map(([, kind = '', about = '', text = '']) => ({
    kind,
    about: about.split(' ').filter((word) => word !== ''),
    text,
  }));
}

/** The page with each generated part made anew. */
export function withBlocks(page: string, make: (block: Block) => string): string {
  return page.replaceAll(BLOCK, (_whole, kind: string, about: string, text: string) => {
    const made = make({ kind, about: about.split(' ').filter((word) => word !== ''), text });
    const opening = about === '' ? kind : `${kind} ${about}`;
    return `<!-- ${opening} -->\n${made}<!-- /${kind} -->`;
  });
}
