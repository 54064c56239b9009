import type { HealthStatus } from '../../health/health-status.js';
import { grouped, plural } from '../../base/wording.js';
import type { BreakerEntry } from '../entries.js';
import type { Registry } from '../registry.js';
import type { HealthEntry, NamedEntry } from './health-report.js';
import type { BufferHealth, CheckedPartRules, DeadLetterHealth, HealthEffect, PoolHealth } from './part-rules.js';

/** What readiness hangs on in a registry, as it is at this moment; what is ignored is left out. */
export function registryParts(registry: Registry, rules: CheckedPartRules): NamedEntry[] {
  const { breakers, pools, buffers, deadLetters, clock } = registry;
  return [
    ...entriesOf('breaker', breakers, rules.breakers, (breaker, { effect }) =>
      breakerEntry(breaker, effect, clock.wallNow()),
    ),
    ...entriesOf('pool', pools, rules.pools, (pool, rule) => poolEntry(pool.snapshot(), rule)),
    ...entriesOf('buffer', buffers, rules.buffers, (buffer, rule) => bufferEntry(buffer.snapshot(), rule)),
    ...entriesOf('deadLetters', deadLetters, rules.deadLetters, (queue, rule) => deadLetterEntry(queue.size, rule)),
  ];
}

function* entriesOf<Part, Rule extends { effect: HealthEffect }>(
  kind: HealthEntry['kind'],
  parts: Iterable<[string, Part]>,
  ruleFor: (name: string) => Rule,
  read: (part: Part, rule: Rule) => Omit<HealthEntry, 'kind'> | undefined,
): Iterable<NamedEntry> {
  for (const [name, part] of parts) {
    const rule = ruleFor(name);
    const entry = rule.effect === 'ignored' ? undefined : read(part, rule);
    if (entry !== undefined) yield [`${kind}:${name}`, { kind, ...entry }];
  }
}

type Read = Omit<HealthEntry, 'kind'>;

/** What trouble makes of something; ignored trouble is not looked for. */
const troubled = (effect: HealthEffect): HealthStatus => (effect === 'down' ? 'down' : 'degraded');

/** Most breakers are closed: only what is in trouble is asked for its numbers. */
function breakerEntry(breaker: BreakerEntry, effect: HealthEffect, wallNow: number): Read {
  const { state } = breaker;
  if (state === 'half-open') {
    return { status: 'degraded', reason: 'is half-open: the next calls decide', details: { state } };
  }
  if (state !== 'open' && state !== 'isolated') return { status: 'up', details: { state } };
  const { consecutiveFailures, failureRate, nextAttemptAt, override, keys } = breaker.snapshot();
  const details = { state, consecutiveFailures, failureRate, nextAttemptAt };
  const why = state === 'isolated' ? byHand(override) : failures(consecutiveFailures, failureRate);
  const next = nextAttemptAt === null ? '' : `; tried again in ${grouped(Math.max(0, nextAttemptAt - wallNow))} ms`;
  return { status: troubled(effect), reason: `is ${state}${ofKeys(keys, state)}${why}${next}`, details };
}

function failures(inARow: number, rate: number): string {
  return inARow > 0 ? `, ${plural(inARow, 'failure')} in a row` : `, ${Math.round(rate * 100)} % of calls failed`;
}

/** Which of a family it is: some, for there may be many. */
function ofKeys(keys: Readonly<Record<string, { state: string }>> | undefined, state: string): string {
  const inIt = Object.entries(keys ?? {}).flatMap(([key, one]) => (one.state === state ? [key] : []));
  if (inIt.length === 0) return '';
  return ` for ${inIt.slice(0, 3).join(', ')}${inIt.length > 3 ? ` and ${inIt.length - 3} more` : ''}`;
}

function byHand(override: { owner: string | null; reason: string | null } | null): string {
  const { owner, reason } = override ?? {};
  return `${owner ? ` by ${owner}` : ''}${reason ? ` (${reason})` : ''}`;
}

function poolEntry(
  { size, idle, borrowed, waiting, maxSize }: { [N in 'size' | 'idle' | 'borrowed' | 'waiting' | 'maxSize']: number },
  { effect, maxWaiting }: Required<PoolHealth>,
): Read {
  const details = { size, idle, borrowed, waiting, maxSize };
  if (waiting <= maxWaiting) return { status: 'up', details };
  const reason = `${plural(waiting, 'caller')} waiting, ${borrowed} of ${maxSize} resources out`;
  return { status: troubled(effect), reason, details };
}

/** Buffers without a bound of their own, of `batched` among them, are never full. */
function bufferEntry(snapshot: object, { effect, fullRatio }: Required<BufferHealth>): Read | undefined {
  const { size, maxSize } = snapshot as { size?: number; maxSize?: number | null };
  if (size === undefined || maxSize === undefined) return undefined;
  const details = { size, maxSize };
  if (maxSize === null || size < maxSize * fullRatio) return { status: 'up', details };
  return { status: troubled(effect), reason: `${size} of ${maxSize} items wait`, details };
}

function deadLetterEntry(size: number, { effect, maxSize }: Required<DeadLetterHealth>): Read {
  const details = { size };
  if (size <= maxSize) return { status: 'up', details };
  return { status: troubled(effect), reason: `${plural(size, 'failed call')} kept`, details };
}
