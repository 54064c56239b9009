/** A duration in ms, with as many digits as say something. */
export function ms(value: number): string {
  if (value === 0) return '0 ms';
  if (value < 10) return `${value.toFixed(value < 1 ? 2 : 1)} ms`;
  return `${Math.round(value)} ms`;
}

/** A duration in seconds, from ms. */
export function seconds(valueMs: number): string {
  return `${(valueMs / 1_000).toFixed(1)} s`;
}

/** A share from 0 to 1. It never rounds up to a hundred: that stands for "all". */
export function percent(ratio: number): string {
  return ratio === 1 ? '100 %' : `${(Math.floor(ratio * 1_000) / 10).toFixed(1)} %`;
}

/** A measured number, cut to what its precision bears. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
