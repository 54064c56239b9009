import { readdirSync } from 'node:fs';
import { benchBlock } from '../performance/blocks.js';
import { type Block, withBlocks } from './blocks.js';
import { exampleBlock } from './example.js';
import { eventsTable, optionsTable } from './interface-table.js';

/** All pages written by hand. */
export function pages(): string[] {
  const files = readdirSync('docs', { recursive: true }) as string[];
  return files.flatMap((file) => (file.endsWith('.md') && !file.startsWith('api/') ? [`docs/${file}`] : [])).sort();
}

/** A page with all that is generated made anew from the sources and examples. */
export function madeAnew(page: string): string {
  return withBlocks(page, make);
}

function make({ kind, about }: Block): string {
  const [first = ''] = about;
  if (kind === 'example') return exampleBlock(first);
  if (kind === 'bench') return benchBlock(first);
  return kind === 'options' ? optionsTable(about) : eventsTable(first);
}
