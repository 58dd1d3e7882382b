/** What sign-in pages say, in the site's language. */

import { LANGUAGES } from './languages.js';

/** `{host}` and `{place}` stand for the host's name and for where a token is to be had. */
export interface Texts {
  login: string;
  loginWith: string;
  loggingIn: string;
  /** Above the ways to sign in beside the main one. */
  otherWays: string;
  token: string;
  /** Where some tokens are used with an address. */
  tokenEmail: string;
  getToken: string;
  needsToken: string;
  email: string;
  password: string;
  needsPassword: string;
  /** To somebody who may not write, and can suggest changes from a fork. */
  fork: string;
  forking: string;
  dontFork: string;
  notForked: string;
}

/** The texts of a language such as `de` or `pt-BR`, English for one that is not there, under a site's own. */
export function textsOf(language: unknown, own: Partial<Texts> = {}): Texts {
  const [code = ''] = String(language ?? 'en')
    .toLowerCase()
    .split(/[-_]/);
  const found = Object.hasOwn(LANGUAGES, code) ? LANGUAGES[code] : undefined;
  return { ...(LANGUAGES.en as Texts), ...found, ...own };
}

/** A text with its names filled in. */
export function fill(text: string, names: { host?: string; place?: string }): string {
  return text.replace(/\{(host|place)\}/g, (_, name: 'host' | 'place') => names[name] ?? '');
}
