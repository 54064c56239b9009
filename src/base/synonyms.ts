import { nearest } from './nearest.js';

/**
 * Names that other libraries give to what is an option here, too far from ours to pass for a slip of the pen; in lower case
 * and without `_`. For each the options that it may mean, the likeliest first.
 */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  maxretries: ['maxAttempts', 'maxHedges', 'retry'],
  retries: ['maxAttempts', 'maxHedges', 'retry'],
  tries: ['maxAttempts'],
  delay: ['baseDelayMs', 'delayMs', 'latencyMs'],
  retrydelay: ['baseDelayMs'],
  initialdelay: ['baseDelayMs'],
  mintimeout: ['baseDelayMs'],
  maxtimeout: ['maxDelayMs'],
  exponentialbase: ['factor'],
  exponent: ['factor'],
  multiplier: ['factor'],
  retrybackoff: ['backoff', 'retry'],
  shouldretry: ['retryIf'],
  expectedexception: ['isFailure', 'retryIf'],
  errorfilter: ['isFailure', 'retryIf', 'when'],
  threshold: ['failureThreshold', 'slowMs'],
  errorthresholdpercentage: ['failureRatio'],
  volumethreshold: ['minimumCalls'],
  resettimeout: ['recoveryTimeoutMs'],
  halfopenafter: ['recoveryTimeoutMs'],
  duration: ['ms', 'intervalMs'],
  timeout: ['ms', 'queueTimeoutMs'],
  timeoutms: ['ms', 'queueTimeoutMs'],
  wait: ['maxWaitMs'],
  ttl: ['ttlMs'],
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
  prefix: ['keyPrefix'],
  breaker: ['circuitBreaker'],
  profile: ['timed'],
};

/** What somebody may have meant by an unknown option, as it stands in the error; undefined where nothing is near. */
export function meantBy(name: string, known: readonly string[]): string | undefined {
  const plain = name.replaceAll('_', '').toLowerCase();
  const synonyms = Object.hasOwn(SYNONYMS, plain) ? (SYNONYMS[plain] ?? []) : [];
  const meant = synonyms.find((option) => known.includes(option)) ?? nearest(name, known);
  if (meant === undefined) return undefined;
  const note = meant === 'maxAttempts' && plain.endsWith('retries') ? ', which counts the first run too' : '';
  return `did you mean \`${meant}\`${note}?`;
}
