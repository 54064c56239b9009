import { ms, percent, seconds } from './figures.js';
import type { BreakerMoment, Moment } from './moment.js';
import type { Line, Tone } from './screen.js';
import { PHASES } from './script.js';
import { type Cells, table } from './table.js';

/** The live view of a moment, as it is redrawn in place. */
export function frame(moment: Moment): Line[] {
  return [
    { text: titleOf(moment), tone: 'strong' },
    { text: courseOf(moment), tone: toneOfPhase(moment.upstream.phase) },
    plain(''),
    ...table(['', 'bare', 'protected'], rows(moment)).map(plain),
    plain(''),
    { text: 'breakers', tone: 'strong' },
    ...moment.breakers.map((breaker) => ({ text: `  ${stateOf(breaker)}`, tone: toneOfState(breaker.state) })),
    plain(''),
    { text: 'last decisions', tone: 'strong' },
    ...moment.decisions.map(({ at, text, times }) => {
      const when = seconds(Math.max(0, at - moment.startedAt)).padStart(7);
      return { text: `  ${when}  ${text}${times > 1 ? ` (${times} times)` : ''}`, tone: 'dim' as const };
    }),
  ];
}

/** The same in a few lines, for a terminal that cannot redraw. */
export function paragraph(moment: Moment): string[] {
  const { bare, protected: guarded, protection, upstream, breakers } = moment;
  const side = (of: typeof bare) => `${percent(of.successRatio)} of ${of.calls} (p99 ${ms(of.p99Ms)})`;
  return [
    `${seconds(moment.elapsedMs).padStart(7)}  upstream ${upstream.phase}: bare ${side(bare)}, protected ${side(guarded)}, ` +
      `retries ${protection.retries}, cache hits ${protection.cacheHits}, dead letters ${protection.deadLettered}, ` +
      `upstream bore ${upstream.bare.requests} and ${upstream.protected.requests}`,
    ...breakers.filter(({ state }) => state !== 'closed').map((breaker) => `         ${stateOf(breaker)}`),
  ];
}

function titleOf({ seed, seconds: total, elapsedMs }: Moment): string {
  return `holdfast, the main job   seed ${seed}   ${seconds(Math.min(elapsedMs, total * 1_000))} of ${total} s`;
}

/** The phases with the present one marked, or where the user's own service is. */
function courseOf({ upstream: { phase, phaseLeftMs } }: Moment): string {
  if (phaseLeftMs === undefined) return `upstream: ${phase}`;
  const course = PHASES.map((name) => (name === phase ? `[${name.toUpperCase()}]` : name)).join(' › ');
  return `upstream: ${course}${phase === 'recovery' ? '' : `   ${seconds(phaseLeftMs)} more`}`;
}

function rows({ bare, protected: guarded, protection, upstream }: Moment): Cells[] {
  const { stale, fallback } = guarded.results;
  return [
    ['calls', bare.calls, guarded.calls],
    ['succeeded', percent(bare.successRatio), percent(guarded.successRatio)],
    ['answered stale / by fallback', '–', `${stale} / ${fallback}`],
    ['latency p50 / p99', `${ms(bare.p50Ms)} / ${ms(bare.p99Ms)}`, `${ms(guarded.p50Ms)} / ${ms(guarded.p99Ms)}`],
    ['requests the upstream had to bear', upstream.bare.requests, upstream.protected.requests],
    ['  of these while it was down', upstream.bare.whileDown, upstream.protected.whileDown],
    ['retries / cache hits', '–', `${protection.retries} / ${protection.cacheHits}`],
    ['rejected / timed out', '–', `${protection.rejected} / ${protection.timeouts}`],
    ['dead letters', '–', protection.deadLettered],
  ];
}

function stateOf({ name, state, reason, probeInMs }: BreakerMoment): string {
  const probe = probeInMs === undefined ? undefined : `next probe in ${seconds(probeInMs)}`;
  const why = [reason, probe].filter((part) => part !== undefined).join('; ');
  return `${name.padEnd(12)} ${state.padEnd(9)} ${why}`.trimEnd();
}

function toneOfState(state: string): Tone {
  if (state === 'closed') return 'good';
  return state === 'half-open' ? 'warn' : 'bad';
}

function toneOfPhase(phase: string): Tone {
  if (phase === 'outage') return 'bad';
  return phase === 'slow' || phase === 'errors' || phase === 'resets' ? 'warn' : 'good';
}

function plain(text: string): Line {
  return { text };
}
