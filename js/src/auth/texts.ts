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
  /** Leads to the form for a link to a new password, which the next ones belong to. */
  forgot: string;
  forgotHint: string;
  needsEmail: string;
  sendLink: string;
  sending: string;
  /** Whether or not there is an account. */
  linkSent: string;
  backToLogin: string;
  /** Above the form for a new password: to somebody who was invited, or has none any more. */
  invited: string;
  recovering: string;
  newPassword: string;
  passwordRule: string;
  passwordTooShort: string;
  showPassword: string;
  savePassword: string;
  /** A link in a mail is good no more. */
  linkSpent: string;
  /** To somebody who followed the link to a new address, and is not signed in. */
  confirmsAddress: string;
  addressNotChanged: string;
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
