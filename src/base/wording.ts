/** A count and its noun: `1 call`, `2 calls`. */
export function plural(many: number, noun: string): string {
  return `${many} ${noun}${many === 1 ? '' : 's'}`;
}

/** A noun with its article: `a bulkhead`, `an adaptiveLimit`. */
export function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** A number of ms, rounded up, in groups of three digits: `29 800`. It stands in every rejection, so it must be quick. */
export function grouped(ms: number): string {
  const whole = Math.ceil(ms);
  if (whole < 1_000) return `${whole}`;
  const rest = whole % 1_000;
  const zeros = rest < 10 ? '00' : rest < 100 ? '0' : '';
  return `${grouped(Math.floor(whole / 1_000))} ${zeros}${rest}`;
}

/** A time as people say it: `250 ms`, `12.3 s`, `5 min`. */
export function lasting(ms: number): string {
  if (ms === Infinity) return 'ever';
  if (Math.abs(ms) < 999.5) return `${Math.round(ms)} ms`;
  if (Math.abs(ms) < 119_950) return `${Number((ms / 1_000).toFixed(1))} s`;
  return `${Number((ms / 60_000).toFixed(1))} min`;
}
