import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { rounded } from './statistics.mjs';

/** Where and when a result came about: it stands at the head of every result file. */
export function circumstances(node) {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString(),
    node,
    machine: {
      cpu: cpu?.model.trim(),
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 1e9),
      platform: `${process.platform} ${process.arch}`,
    },
    // Above the number of cores that are measuring, something else was running.
    loadOneMinute: rounded(loadavg()[0]),
    versions: versions(),
  };
}

function versions() {
  const { dependencies } = readJson('package.json');
  return { holdfast: readJson('../package.json').version, ...dependencies };
}

function readJson(path) {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
}
