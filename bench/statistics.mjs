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

/**
 * By how much the logarithm of a cost grows with that of the size, above what the control grows by: 0 for a cost that
 * stays, 1 for one that is in proportion; by least squares.
 */
export function slopeOf(points) {
  const at = points.filter(({ size }) => size > 0);
  const xs = at.map(({ size }) => Math.log(size));
  const ys = at.map(({ ns, control = 1 }) => Math.log(ns / control));
  const [meanX, meanY] = [mean(xs), mean(ys)];
  const along = xs.reduce((sum, x, index) => sum + (x - meanX) * (ys[index] - meanY), 0);
  return along / xs.reduce((sum, x) => sum + (x - meanX) ** 2, 0);
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function rounded(value, decimals = 2) {
  return Math.round(value * 10 ** decimals) / 10 ** decimals;
}
