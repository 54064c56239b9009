import { cached, circuitBreaker, compose, deadline, retryWithBackoff, timeout } from '../../../../src/index.js';

// What a module prints is not the doctor's report.
console.log('quotes are here');

/** As it should be. */
export const rate = compose(
  deadline({ ms: 9_000 }),
  timeout({ ms: 500 }),
)(async function rate() {
  return 1;
});

/** Never called: its methods are known by being exported. */
export class Quotes {
  @circuitBreaker()
  @cached()
  async price(symbol: string): Promise<string> {
    return symbol;
  }

  @retryWithBackoff()
  static async all(): Promise<string[]> {
    return [];
  }
}

// A module that ticks for ever does not keep the doctor waiting.
setInterval(() => {}, 60_000);
