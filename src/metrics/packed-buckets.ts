/** Bucket and count by turns, in ascending order, without the empty ones: 4 bytes for both while no count exceeds 65 535. */
export type BucketCounts = Uint16Array | Float64Array;

const NARROW_UP_TO = 0xffff;

/** Buckets that stand side by side from `first` on, packed. */
export function packed(counts: Uint32Array | Float64Array, first: number): BucketCounts {
  let filled = 0;
  let greatest = 0;
  for (let place = 0; place < counts.length; place++) {
    const count = counts[place] as number;
    if (count > 0) filled++;
    if (count > greatest) greatest = count;
  }
  const pairs = greatest > NARROW_UP_TO ? new Float64Array(2 * filled) : new Uint16Array(2 * filled);
  let end = 0;
  for (let place = 0; end < pairs.length; place++) {
    const count = counts[place] as number;
    if (count === 0) continue;
    pairs[end++] = first + place;
    pairs[end++] = count;
  }
  return pairs;
}

/** Each bucket with its count. */
export function* eachOf(pairs: BucketCounts): Generator<[bucket: number, count: number]> {
  for (let place = 0; place < pairs.length; place += 2) {
    yield [pairs[place] as number, pairs[place + 1] as number];
  }
}
