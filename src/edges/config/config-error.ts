import type { Whereabouts } from './config-tree.js';

/** One thing that is wrong with a configuration. */
export interface ConfigFault extends Whereabouts {
  /** What it is about, such as `'recovery.retry.max_retries'`; empty for the whole. */
  readonly path: string;
  /** What is wrong, and what would be right. */
  readonly message: string;
}

/**
 * A configuration is not as it should be. Nothing of it holds: what held before goes on to.
 * @example if (error instanceof ConfigError) for (const { line, message } of error.faults) console.error(line, message);
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** The file, where it is one. */
  readonly file: string | undefined;
  /** All that is wrong, in the order of the source. */
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[], file?: string, options?: ErrorOptions) {
    const head = `${file ?? 'the configuration'} is not as it should be, and nothing of it holds:`;
    super([head, ...faults.map((fault) => `  ${whereIs(fault, file)}${fault.message}`)].join('\n'), options);
    this.file = file;
    this.faults = faults;
  }
}

function whereIs({ line, column, variable }: ConfigFault, file: string | undefined): string {
  if (variable !== undefined) return `${variable}: `;
  if (line !== undefined) return `${file ?? ''}:${line}:${column ?? 1}: `;
  return '';
}
