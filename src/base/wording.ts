/** A count and its noun: `1 call`, `2 calls`. */
export function plural(many: number, noun: string): string {
  return `${many} ${noun}${many === 1 ? '' : 's'}`;
}

/** A number of ms, rounded up, in groups of three digits: `29 800`. It stands in every rejection, so it must be quick. */
export function grouped(ms: number): string {
  const whole = Math.ceil(ms);
  if (whole < 1_000) return `${whole}`;
  const rest = whole % 1_000;
  const zeros = rest < 10 ? '00' : rest < 100 ? '0' : '';
  return `${grouped(Math.floor(whole / 1_000))} ${zeros}${rest}`;
}
