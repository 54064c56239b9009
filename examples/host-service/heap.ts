import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What the heap holds after a collection, in MB (2^20 bytes). */
export function heapMb(): number {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
