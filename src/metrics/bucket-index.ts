// 64 buckets an octave: a bucket is 1/64 of its lower bound wide, so its middle is at most 0.79 % away from any value in it.
const BUCKET_BITS = 6;
/** Buckets in an octave, the values from one power of two to the next. */
export const BUCKETS_PER_OCTAVE: number = 1 << BUCKET_BITS;

const LEAST_EXPONENT = -20;
const OCTAVES = 60;
/** How many buckets there are at all. */
export const BUCKETS: number = OCTAVES * BUCKETS_PER_OCTAVE;
/** The least value that has a bucket: in ms, about a nanosecond. */
export const LEAST_VALUE: number = 2 ** LEAST_EXPONENT;
/** From this value on all go to the last bucket: in ms, about 35 years. */
export const VALUE_LIMIT: number = 2 ** (LEAST_EXPONENT + OCTAVES);

// The high word of a double holds its exponent and the 20 upper bits of its mantissa: shifted, it counts log-linear
// buckets by itself, without the 15 ns of a logarithm.
const SHIFT = 20 - BUCKET_BITS;
const FIRST = (1_023 + LEAST_EXPONENT) << BUCKET_BITS;
const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** The bucket of a value from `LEAST_VALUE` up to, not including, `VALUE_LIMIT`. */
export function bucketOf(value: number): number {
  double[0] = value;
  return ((words[HIGH] as number) >>> SHIFT) - FIRST;
}

/** The least value of a bucket; that of the next one bounds it from above. */
export function lowerBoundOf(bucket: number): number {
  words[1 - HIGH] = 0;
  words[HIGH] = (bucket + FIRST) << SHIFT;
  return double[0] as number;
}
