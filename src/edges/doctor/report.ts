import { plural } from '../../base/wording.js';
import type { Advice } from '../../registry/advice/advice.js';
import type { Examination } from './examine.js';

/** An examination as people read it: by site, with a sum at the end. */
export function textReport({ sites, advice }: Examination): string {
  const named = sites.filter((site) => advice.some((one) => one.site === site));
  const parts = named.map((site) => [site, ...advice.filter((one) => one.site === site).flatMap(linesOf)].join('\n'));
  return `${[...parts, sumOf({ sites, advice })].join('\n\n')}\n`;
}

/** The same for programs; a number without bound is `null`. */
export function jsonReport({ sites, advice }: Examination): string {
  const counts = { warnings: countOf(advice, 'warning'), notes: countOf(advice, 'note') };
  return `${JSON.stringify({ version: 1, sites, ...counts, advice }, undefined, 2)}\n`;
}

/** How many are warnings, or notes. */
export function countOf(advice: readonly Advice[], severity: Advice['severity']): number {
  return advice.filter((one) => one.severity === severity).length;
}

function linesOf({ severity, rule, reason, proposal }: Advice): string[] {
  return [`  ${severity}  ${rule}`, `    ${reason}`, `    → ${proposal}`];
}

function sumOf({ sites, advice }: Examination): string {
  if (sites.length === 0) return 'no function or method with policies was found; classes must be exported to be seen';
  const where = sites.length === 1 ? '1 function or method' : `${sites.length} functions and methods`;
  if (advice.length === 0) return `nothing to say of ${where}`;
  return `${plural(countOf(advice, 'warning'), 'warning')} and ${plural(countOf(advice, 'note'), 'note')} on ${where}`;
}
