/** What `batched.single` makes of a bulk function: an error in the place of a result rejects its caller. */
export type SingleFunction<This, Item, Rest extends unknown[], Result> = (
  this: This,
  item: Item,
  ...rest: Rest
) => Promise<Exclude<Result, Error>>;
