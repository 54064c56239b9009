export function median(values) {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The median over all processes, and its 95 % interval: whole processes are drawn anew, and rounds within each, for what
 * two processes differ by is not seen within one. Seeded, so that a table can be made again from its figures.
 */
export function estimate(series, resamples = 400) {
  const random = seeded(series.length);
  const medians = Array.from({ length: resamples }, () =>
    median(drawn(series, random).flatMap((one) => drawn(one, random))),
  );
  medians.sort((left, right) => left - right);
  const at = (share) => medians[Math.floor(resamples * share)];
  return { value: median(series.flat()), low: at(0.025), high: at(0.975) };
}

function drawn(values, random) {
  return values.map(() => values[Math.floor(random() * values.length)]);
}

export function shuffled(values, random = Math.random) {
  const order = [...values];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** Chance that comes out the same each time: mulberry32. */
export function seeded(seed) {
  let state = seed + 0x6d2b79f5;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
