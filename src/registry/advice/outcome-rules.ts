import type { ErrorFacts } from '../../base/error-facts.js';
import type { Severity } from '../../base/severity.js';
import { grouped, lasting, plural } from '../../base/wording.js';
import type { Finding } from './advice.js';
import type { InUse } from './traffic-rules.js';

/** Answers of a fallback, or ends of retries, from which on they are judged. */
const ENOUGH = 20;
/** The share of calls from which on a fallback's answers are no exception any more. */
const A_LOT = 0.1;
/** The share of retried calls that come through, below which retrying is in vain. */
const IN_VAIN = 0.05;
/** Times that a dependency has asked to be left alone, from which on it is no accident. */
const ASKED_OFTEN = 3;

/** What a mistake in the program throws; a `fetch` that fails may throw one of them, without a code in browsers. */
const BUGS: ReadonlySet<string> = new Set(['TypeError', 'ReferenceError', 'RangeError']);
const OF_FETCH = /fetch|network|load failed/i;
/** Rejections that say when there will be room again. */
const TIMED_REJECTIONS = ['ERR_RATE_LIMITED', 'ERR_QUEUE_TIMEOUT'];
/** Rejections that a retry makes worse. */
const REJECTIONS = ['ERR_CIRCUIT_OPEN', 'ERR_BULKHEAD_FULL', 'ERR_SHED', 'ERR_CLOSED'];

/** A fallback that leaves those who measure in the dark. */
export function fallbackHidesErrors({ site, stack, evidence }: InUse): Finding[] {
  const [fallback] = stack.all('fallback');
  const { answered = 0 } = evidence.counts(site) ?? {};
  if (fallback === undefined || answered < ENOUGH) return [];
  if (stack.inside(fallback, 'timed', 'circuitBreaker').length > 0) return [];
  const [timed] = stack.outside(fallback, 'timed');
  const { totalCalls: calls = 0, errors = 0 } = (timed && evidence.timing(timed, site)) ?? {};
  if (timed !== undefined && (errors > 0 || answered < A_LOT * calls)) return [];
  const many = timed === undefined ? plural(answered, 'call') : `${grouped(answered)} of ${plural(calls, 'call')}`;
  const whom = timed === undefined ? 'nothing measures the calls' : '`timed` counts no failure';
  return [
    {
      rule: 'fallback-hides-errors',
      severity: timed === undefined ? 'note' : 'warning',
      answered,
      calls,
      reason: `the fallback has answered ${many}, and ${whom}: an outage looks like health`,
      proposal: 'watch `answered` in `registry.metrics`, or put a `timed` with a `name` inside of the fallback',
    },
  ];
}

/** A fallback that answers for mistakes in the program. */
export function fallbackHidesBugs({ site, evidence }: InUse): Finding[] {
  const bugs = evidence.decisions(site, 'call:fallback').filter(({ error, severity }) => isBug(error, severity));
  const last = bugs.at(-1);
  if (last === undefined) return [];
  const { name, message } = last.error;
  return [
    {
      rule: 'fallback-hides-bugs',
      severity: 'warning',
      answered: bugs.length,
      reason: `the fallback has answered ${plural(bugs.length, 'call')} that failed by a mistake in the program, last with ${name}: ${message}`,
      proposal: 'mend it, and give the fallback a `when` that lets such errors through',
    },
  ];
}

/** Who says by `classify` that such an error passes knows it better; one that throws has not said anything. */
function isBug({ name, message, code }: ErrorFacts, severity: Severity | undefined): boolean {
  if (severity === 'transient' || severity === 'recoverable') return false;
  return code === undefined && BUGS.has(name) && !OF_FETCH.test(message);
}

/** A dependency that asks to be left alone. */
export function retryAfters({ site, stack, evidence }: InUse): Finding[] {
  const [retry] = stack.all('retry');
  if (retry === undefined) return [];
  const decisions = [...evidence.decisions(site, 'call:retry'), ...evidence.decisions(site, 'call:exhausted')];
  const asked = decisions.flatMap(({ retryAfterMs, error }) =>
    retryAfterMs === undefined || isRejection(error, TIMED_REJECTIONS) || isRejection(error, REJECTIONS)
      ? []
      : [retryAfterMs],
  );
  const { maxDelayMs } = retry.options;
  const tooLong = asked.filter((ms) => ms > maxDelayMs);
  const above =
    asked.length < ASKED_OFTEN ? [] : stack.all('rateLimit').map(({ options }) => rateAbove(options, asked));
  return tooLong.length === 0 ? above : [...above, retryAfterTooLong(tooLong, maxDelayMs)];
}

function rateAbove({ limit, intervalMs }: { limit: number; intervalMs: number }, asked: readonly number[]): Finding {
  const retryAfterMs = Math.max(...asked);
  return {
    rule: 'rate-above-retry-after',
    severity: 'warning',
    limit,
    intervalMs,
    retryAfterMs,
    times: asked.length,
    reason:
      `the dependency has asked ${plural(asked.length, 'time')} to be left alone, for up to ${lasting(retryAfterMs)}, ` +
      `although the rate limit of ${grouped(limit)} in ${lasting(intervalMs)} let the calls through`,
    proposal: 'lower `limit` to what the dependency allows, and share it by `name` among all who call it',
  };
}

function retryAfterTooLong(asked: readonly number[], maxDelayMs: number): Finding {
  const retryAfterMs = Math.max(...asked);
  return {
    rule: 'retry-after-too-long',
    severity: 'note',
    retryAfterMs,
    maxDelayMs,
    times: asked.length,
    reason:
      `the dependency has asked for waits of up to ${lasting(retryAfterMs)}, and \`maxDelayMs\` is ` +
      `${lasting(maxDelayMs)}: ${plural(asked.length, 'call')} gave up at once`,
    proposal: `raise \`maxDelayMs\` to ${grouped(retryAfterMs)} if callers can wait, or keep such calls with \`deadLetter\``,
  };
}

function isRejection(error: ErrorFacts | undefined, codes: readonly string[]): boolean {
  return codes.includes(String(error?.code));
}

/** Retries of what was not let through. */
export function retriesRejections({ site, evidence }: InUse): Finding[] {
  const rejected = evidence.decisions(site, 'call:retry').filter(({ error }) => isRejection(error, REJECTIONS));
  const last = rejected.at(-1);
  if (last === undefined) return [];
  return [
    {
      rule: 'retries-rejections',
      severity: 'note',
      times: rejected.length,
      reason: `the retry has run calls again ${plural(rejected.length, 'time')} that had been rejected, last with ${last.error.code}`,
      proposal: 'let `retryIf` refuse every `RejectedError`',
    },
  ];
}

/** Retries that help nobody. */
export function retriesInVain({ site, stack, evidence }: InUse): Finding[] {
  const { recovered = 0, exhausted = 0 } = evidence.counts(site) ?? {};
  const all = recovered + exhausted;
  if (stack.all('retry').length === 0 || exhausted < ENOUGH || recovered >= IN_VAIN * all) return [];
  return [
    {
      rule: 'retries-in-vain',
      severity: 'note',
      recovered,
      exhausted,
      reason: `${recovered === 0 ? 'none' : grouped(recovered)} of ${plural(all, 'call')} that were retried came through: their errors do not pass`,
      proposal: 'give the retry a `budget`, or a `retryIf` that leaves such errors alone',
    },
  ];
}
