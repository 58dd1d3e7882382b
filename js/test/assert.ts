/** The few assertions that the tests need. */

import type { BackendError } from '../dist/index.js';

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`expected ${message}`);
}

export function assertEqual(got: unknown, want: unknown): void {
  const [g, w] = [JSON.stringify(got), JSON.stringify(want)];
  if (g !== w) throw new Error(`got ${g}, want ${w}`);
}

/** The error that a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<BackendError> {
  try {
    await promise;
  } catch (error) {
    assert(error instanceof Error, `an Error, not ${error}`);
    return error as BackendError;
  }
  throw new Error('the promise was fulfilled');
}
