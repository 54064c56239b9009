import { nearest } from './nearest.js';

/**
 * Names that other libraries give to what is an option here, too far from ours to pass for a slip of the pen; in lower case
 * and without `_`. For each the options that it may mean, the likeliest first.
 */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  maxretries: ['maxAttempts', 'maxHedges', 'retry'],
  retries: ['maxAttempts', 'maxHedges', 'retry'],
  tries: ['maxAttempts'],
  times: ['maxAttempts'],
  numofattempts: ['maxAttempts'],
  delay: ['baseDelayMs', 'delayMs', 'latencyMs'],
  delayms: ['baseDelayMs'],
  retrydelay: ['baseDelayMs'],
  startingdelay: ['baseDelayMs'],
  initialdelay: ['baseDelayMs'],
  mintimeout: ['baseDelayMs'],
  maxtimeout: ['maxDelayMs'],
  exponentialbase: ['factor'],
  exponent: ['factor'],
  multiplier: ['factor'],
  retrybackoff: ['backoff', 'retry'],
  shouldretry: ['retryIf'],
  isretryable: ['retryIf'],
  onfailedattempt: ['onRetry'],
  maxretrytime: ['maxElapsedMs'],
  expectedexception: ['isFailure', 'retryIf'],
  errorfilter: ['isFailure', 'retryIf', 'when'],
  threshold: ['failureThreshold', 'slowMs'],
  errorthresholdpercentage: ['failureRatio'],
  failureratethreshold: ['failureRatio'],
  maxfailures: ['failureThreshold'],
  volumethreshold: ['minimumCalls'],
  resettimeout: ['recoveryTimeoutMs'],
  resettimeoutms: ['recoveryTimeoutMs'],
  sleepwindow: ['recoveryTimeoutMs'],
  cooldown: ['recoveryTimeoutMs'],
  halfopenafter: ['recoveryTimeoutMs'],
  halfopenafterms: ['recoveryTimeoutMs'],
  duration: ['ms', 'intervalMs'],
  timeout: ['ms', 'queueTimeoutMs'],
  timeoutms: ['ms', 'queueTimeoutMs'],
  wait: ['maxWaitMs'],
  ttl: ['ttlMs'],
  ttlseconds: ['ttlMs'],
  stale: ['staleWhileRevalidateMs'],
  staletime: ['staleWhileRevalidateMs'],
  swr: ['staleWhileRevalidateMs'],
  maxage: ['ttlMs'],
  max: ['limit', 'maxEntries', 'maxConcurrent', 'maxSize'],
  maxsize: ['maxEntries', 'maxQueue'],
  size: ['maxEntries', 'maxSize', 'maxConcurrent'],
  capacity: ['maxConcurrent', 'burst', 'maxEntries', 'maxSize'],
  batchsize: ['maxSize'],
  queuesize: ['maxQueue', 'maxEntries'],
  buffersize: ['maxQueue', 'maxEntries'],
  highwater: ['maxQueue'],
  concurrency: ['maxConcurrent'],
  limit: ['maxConcurrent', 'maxEntries', 'maxSize', 'rateLimit'],
  points: ['limit'],
  requests: ['limit'],
  tokens: ['limit'],
  interval: ['intervalMs', 'cleanupIntervalMs'],
  reservoirrefreshinterval: ['reservoirRefreshMs'],
  window: ['intervalMs'],
  keygenerator: ['key'],
  cachekey: ['key'],
  filter: ['when'],
  prefix: ['keyPrefix'],
  breaker: ['circuitBreaker'],
  profile: ['timed'],
};

/** Options of a breaker elsewhere. Here a timeout goes inside of it, so that what takes too long is a failure. */
const STANDS_ALONE: ReadonlySet<string> = new Set(['timeout', 'timeoutms']);

/** What somebody may have meant by an unknown option, as it stands in the error; undefined where nothing is near. */
export function meantBy(name: string, known: readonly string[]): string | undefined {
  const plain = name.replaceAll('_', '').toLowerCase();
  const synonyms = Object.hasOwn(SYNONYMS, plain) ? (SYNONYMS[plain] ?? []) : [];
  if (STANDS_ALONE.has(plain) && known.includes('recoveryTimeoutMs'))
    return 'a limit of time is a policy of its own: timeout({ ms })';
  const meant = synonyms.find((option) => known.includes(option)) ?? nearest(name, known);
  if (meant === undefined) return undefined;
  return `did you mean \`${meant}\`${noteOn(plain, meant)}?`;
}

/** In what the option that was meant differs from the one that was given. */
function noteOn(plain: string, meant: string): string {
  if (meant === 'maxAttempts' && plain.endsWith('retries')) return ', which counts the first run too';
  if (meant === 'ttlMs' && plain.endsWith('seconds')) return ', which is in ms';
  if (meant === 'failureRatio' && plain.endsWith('percentage')) return ', which is a share up to 1';
  return '';
}
