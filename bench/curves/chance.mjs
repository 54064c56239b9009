/** Numbers below `n` in an order that no cache of the machine foresees, at next to no cost. */
export function scattered(n) {
  let state = 12_345;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 7) % n;
  };
}

/** The powers of ten from one to another. */
export function decades(from, to) {
  const sizes = [];
  for (let size = from; size <= to; size *= 10) sizes.push(size);
  return sizes;
}
