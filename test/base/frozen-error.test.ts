import { expect, test } from 'vitest';
import { ClosedError, withoutStack } from '../../src/base/errors.js';

// In a file of its own: that `Error` is frozen is remembered.
test('a rejection is made where `Error` is frozen, too', () => {
  const descriptor = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit') as PropertyDescriptor;
  Object.defineProperty(Error, 'stackTraceLimit', { ...descriptor, writable: false });
  try {
    for (let times = 0; times < 2; times++) {
      const error = withoutStack(() => new ClosedError('closed', { policy: 'registry', policyName: 'x' }));
      expect(error).toMatchObject({ code: 'ERR_CLOSED', message: 'closed' });
    }
  } finally {
    Object.defineProperty(Error, 'stackTraceLimit', descriptor);
  }
});
