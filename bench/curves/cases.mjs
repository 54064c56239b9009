/** One point of a curve as a case: the library at a size, or what it is compared with. */
export async function cases(dist, { file, curve, size, side }) {
  const library = await import(new URL('index.js', dist).href);
  const { curves } = await import(`./${file}`);
  const { make, control } = curves[curve];
  const point = side === 'control' ? control(size) : make(library, size);
  return [{ name: 'point', ...(await point) }];
}
