import { UserError } from './flags.js';
import { addressOf, causeOf } from './quotes-api.js';
import { firstReport, type Upstream } from './upstream.js';
import type { Borne, SideName, UpstreamReport } from './upstream-report.js';

const REACH_WITHIN_MS = 5_000;

/**
 * A service of the user's own. It cannot tell what it had to bear, so the callers count: what they sent, and of that what
 * never got an answer as "while down".
 * @throws {UserError} when nothing answers at the URL
 */
export async function reachUpstream(url: string, stop: AbortSignal): Promise<Upstream> {
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(REACH_WITHIN_MS)]);
    const response = await fetch(addressOf(url, 'AAPL'), { signal });
    await response.body?.cancel();
  } catch (error) {
    if (!stop.aborted) throw new UserError(`${url} cannot be reached (${causeOf(error)})`);
  }
  return new OwnUpstream(url);
}

class OwnUpstream implements Upstream {
  readonly kind = 'own';
  readonly url: string;
  readonly gone: AbortSignal = new AbortController().signal;
  readonly #counts: Readonly<Record<SideName, { sent: number; unreached: number }>> = {
    bare: { sent: 0, unreached: 0 },
    protected: { sent: 0, unreached: 0 },
  };

  constructor(url: string) {
    this.url = url;
  }

  begin(): Promise<void> {
    return Promise.resolve();
  }

  note(side: SideName, what: 'sent' | 'unreached'): void {
    this.#counts[side][what]++;
  }

  report(): UpstreamReport {
    return { ...firstReport, phase: this.url, bare: this.#borne('bare'), protected: this.#borne('protected') };
  }

  ask(): Promise<UpstreamReport> {
    return Promise.resolve(this.report());
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  #borne(side: SideName): Borne {
    const { sent, unreached } = this.#counts[side];
    return { requests: sent, whileDown: unreached, orders: 0 };
  }
}
