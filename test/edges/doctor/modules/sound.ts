import { retryWithBackoff, timeout } from '../../../../src/index.js';

class Rates {
  @retryWithBackoff()
  @timeout({ ms: 500 })
  async rate(): Promise<number> {
    return 1;
  }
}

export const rates: Rates = new Rates();
