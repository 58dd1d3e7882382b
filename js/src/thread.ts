/** Where the Go program runs: in a Worker of its own, where one can be had. */

import type { Options } from './types.js';

/** The program has to run in the page. */
export class NoWorker extends Error {
  constructor() {
    super(
      'Mooring could not start its Worker on this page. Allow worker-src in the content security policy, or set thread to "page".',
    );
  }
}

export function wantsWorker({ thread, fetch: own, store }: Options): boolean {
  if (thread === 'worker') return true;
  return thread !== 'page' && !own && !store && typeof Worker === 'function';
}

/** A Worker can't be had from a script of another origin: that throws NoWorker at once. */
export function newWorker(): Worker {
  if (typeof Worker !== 'function') throw new NoWorker();
  try {
    return new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'mooring' });
  } catch {
    return trustedWorker();
  }
}

interface TrustedTypes {
  createPolicy(name: string, rules: object): { createScriptURL(url: string): string };
}

let vouched: string | undefined;

/** Where a page runs only scripts that somebody vouches for, the policy `mooring` does for ours. */
function trustedWorker(): Worker {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  try {
    vouched ??= trustedTypes
      ?.createPolicy('mooring', { createScriptURL: (url: string) => url })
      .createScriptURL(new URL('./worker.js', import.meta.url).href);
    if (vouched !== undefined) return new Worker(vouched, { type: 'module', name: 'mooring' });
  } catch {
    // The page does not allow the policy.
  }
  throw new NoWorker();
}
