/** The ways to sign in at a host that a site's configuration offers, beside a token. */

import { toBackendError } from '../errors.js';
import type { Grant } from '../oauth/grant.js';
import * as implicit from '../oauth/implicit.js';
import * as pkce from '../oauth/pkce.js';
import { Popup } from '../oauth/popup.js';
import { type Host, type OAuthSettings, oauthOf } from '../oauth/settings.js';
import type { BackendConfig } from '../types.js';
import type { Way } from './hostform.js';
import { fill, type Texts } from './texts.js';

export interface Ways {
  ways: Way[];
  /** The answer to an attempt that left the page; undefined where the address has none. */
  back: Promise<Grant | undefined> | undefined;
  /** What is wrong with the configuration; '' for nothing. */
  problem: string;
}

/**
 * Call it before the CMS reads the page's address: an answer in it is taken out at once.
 * `say` shows a sentence on the sign-in page.
 */
export function waysOf(
  host: Host,
  config: BackendConfig,
  texts: Texts,
  fetch: typeof globalThis.fetch,
  say: (sentence: string) => void,
): Ways {
  try {
    const settings = oauthOf(host, config, location);
    const [main] = settings.ways;
    if (main === 'token' || main === undefined) return { ways: [], back: undefined, problem: '' };
    const label = fill(texts.loginWith, { host: settings.label });
    const way = { label, start: starter(main, settings, say) };
    return { ways: [way], back: answered(main, settings, fetch), problem: '' };
  } catch (error) {
    return { ways: [], back: undefined, problem: toBackendError(error).message };
  }
}

function starter(
  way: 'popup' | 'pkce' | 'implicit',
  settings: OAuthSettings,
  say: (sentence: string) => void,
): Way['start'] {
  if (way === 'popup') {
    const popup = new Popup(settings, { onSilence: say });
    return () => popup.signIn();
  }
  const { begin } = way === 'pkce' ? pkce : implicit;
  return async () => {
    await begin(settings, window);
    return undefined;
  };
}

/** What servers put into an address. */
const ANSWER = /[?&#/](code|error|access_token)=/;

function answered(
  way: 'popup' | 'pkce' | 'implicit',
  settings: OAuthSettings,
  fetch: typeof globalThis.fetch,
): Promise<Grant | undefined> | undefined {
  const { search, hash } = location;
  if (way === 'popup' || !ANSWER.test(search + hash)) return undefined;
  if (way === 'pkce') return pkce.resume(settings, window, fetch);
  return new Promise((resolve) => resolve(implicit.resume(settings, window)));
}
