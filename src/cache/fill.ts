/**
 * How full one cache is. It is kept beside the cache, so that those who sum up over many need not reach for each: to ask
 * a weak reference costs more than all the rest of a snapshot.
 */
export class Fill {
  entries = 0;
  weight = 0;
}
