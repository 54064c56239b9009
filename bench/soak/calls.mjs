/** Protected functions whose upstream fails in every way, at known places of a count. */
import { setTimeout as delay } from 'node:timers/promises';
import { seeded } from '../statistics.mjs';

/** Of a million calls, about so many: */
export const faults = { reset: 1_000, slow: 500, hang: 50, lost: 25, abort: 500, keyed: 10_000, outage: 20_000 };

export function soakCalls(library, registry) {
  const tally = { calls: 0, runs: 0, answeredByFallback: 0, rejected: 0, timedOut: 0, retried: 0, aborted: 0 };
  registry.on('call:retry', () => tally.retried++);
  registry.on('call:rejected', () => tally.rejected++);
  registry.on('call:timeout', () => tally.timedOut++);
  const upstream = upstreamOf(library, tally);
  const { price, host, lost } = protectedBy(library, registry, upstream, tally);
  const random = seeded(50);
  const share = (perMillion) => random() * 1e6 < perMillion;
  /** One call, of the kind that chance has it. */
  const one = () => {
    tally.calls++;
    if (share(faults.keyed)) return host(`tenant-${tally.calls % 5_000}`);
    if (share(faults.lost)) return lost();
    if (!share(faults.abort)) return price(tally.calls);
    const controller = new AbortController();
    const call = price(tally.calls, controller.signal).catch(() => tally.aborted++);
    controller.abort();
    return call;
  };
  return { one, tally };
}

function protectedBy(library, registry, upstream, tally) {
  const {
    bulkhead,
    cached,
    circuitBreaker,
    compose,
    deadLetter,
    fallback,
    rateLimit,
    retryWithBackoff,
    timed,
    timeout,
  } = library;
  const answer = async () => {
    tally.answeredByFallback++;
    return -1;
  };
  const price = compose(
    timed({ registry }),
    fallback(answer, { registry }),
    deadLetter({ registry }),
    retryWithBackoff({ baseDelayMs: 1, maxAttempts: 2, registry }),
    rateLimit({ limit: 1e9, registry }),
    circuitBreaker({ name: 'prices', failureThreshold: 20, recoveryTimeoutMs: 5, registry }),
    timeout({ ms: 5, registry }),
    bulkhead({ maxConcurrent: 200, registry }),
  )(upstream);
  const host = compose(
    fallback(answer, { registry }),
    cached({ maxEntries: 1_000, ttlMs: 50, registry }),
    circuitBreaker({ key: (name) => name, maxKeys: 1_000, registry }),
  )(async (name) => name);
  // What never settles would keep its slot of a bulkhead for good.
  const lost = compose(fallback(answer, { registry }), timeout({ ms: 5, registry }))(async () => new Promise(() => {}));
  return { price, host, lost };
}

function upstreamOf({ callContext }, tally) {
  const random = seeded(7);
  return async (call, signal) => {
    tally.runs++;
    if (signal !== undefined) return untilAborted(callContext().signal);
    const chance = random() * 1e6;
    if (call % 1e6 < faults.outage || chance < faults.reset) {
      throw Object.assign(new Error('down'), { code: 'ECONNRESET' });
    }
    if (chance < faults.reset + faults.slow) await delay(1);
    // Half of what hangs comes late, the rest ends when it is given up.
    else if (chance < faults.reset + faults.slow + faults.hang)
      await (chance % 2 < 1 ? delay(30) : untilAborted(callContext().signal));
    return call;
  };
}

function untilAborted(signal) {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
