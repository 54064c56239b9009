import type { BatchProgress } from 'holdfast';

/** What is drawn on; `process.stdout` and `process.stderr` are such. */
export interface Drawable {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const CLEAR_LINE = '\r\u001b[K';
const WIDEST_BAR = 40;
const REDRAWN_EVERY_MS = 50;

/**
 * A progress bar for `onProgress` of a batch: it is redrawn on one line of a terminal, and ends it when all is done. What is
 * no terminal, such as a file, gets nothing.
 * @example await processor.process(hosts, createHost, { onProgress: progressBar('creating', process.stderr) });
 */
export function progressBar(
  label: string,
  stream: Drawable,
  now: () => number = Date.now,
): (at: BatchProgress) => void {
  let drawnAt = -Infinity;
  return (progress) => {
    if (!stream.isTTY) return;
    const isLast = progress.completed === progress.total;
    if (!isLast && now() - drawnAt < REDRAWN_EVERY_MS) return;
    drawnAt = now();
    stream.write(`${CLEAR_LINE}${barOf(label, progress, stream.columns || 80)}${isLast ? '\n' : ''}`);
  };
}

/** One line of at most so many columns; without a total there is no bar, but what is done is told. */
export function barOf(label: string, progress: BatchProgress, columns: number): string {
  const { completed, total, failed, itemsPerSecond, etaMs } = progress;
  const of = total === null ? `${completed}` : `${completed}/${total}`;
  const left = etaMs === null || completed === total ? '' : `, ${Math.ceil(etaMs / 1_000)} s left`;
  const told = `${of}${failed > 0 ? `, ${failed} failed` : ''}, ${Math.round(itemsPerSecond)}/s${left}`;
  // The last column stays free: some terminals begin a new line after it.
  const room = Math.min(WIDEST_BAR, columns - label.length - told.length - 5);
  if (total === null || room < 3) return `${label} ${told}`.slice(0, columns - 1);
  const filled = total === 0 ? room : Math.floor((completed / total) * room);
  return `${label} [${'#'.repeat(filled)}${'.'.repeat(room - filled)}] ${told}`;
}
