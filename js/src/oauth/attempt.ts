/**
 * An attempt to sign in that leaves the page and comes back with an answer in the address. What is
 * needed for the answer waits in the tab's own storage, under a name that nobody can guess.
 */

import { BackendError } from '../errors.js';
import type { OAuthSettings } from './settings.js';

/** The part of a window that is needed. */
export interface Page {
  readonly location: Pick<Location, 'assign' | 'origin' | 'pathname' | 'search' | 'hash'>;
  readonly history: Pick<History, 'replaceState' | 'state'>;
  /** Getting it throws where a page may not store anything. */
  readonly sessionStorage: Storage;
  readonly crypto: Crypto;
  dispatchEvent(event: Event): boolean;
}

export interface Attempt {
  /** Where the person was sent: an answer to another server's question is none. */
  authorize_url: string;
  /** By which PKCE proves that whoever comes back is who left. */
  verifier?: string;
  /** Of the page, as they were. */
  search: string;
  hash: string;
  /** In milliseconds since 1970. */
  began: number;
}

const PREFIX = 'mooring-sign-in:';

/** By its beginning an address is known as ours when the attempt itself is gone. */
const STATE = 'mooring.';

/** After this nobody comes back. */
const FORGOTTEN = 24 * 3600_000;

/** 43 characters that nobody can guess, of those that a verifier may have. */
export function random({ crypto }: Pick<Page, 'crypto'>): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

export const base64url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** Where the host sends the person back: what must be registered with the application. */
export const returnOf = ({ location }: Pick<Page, 'location'>) =>
  location.origin + location.pathname;

/** Leaves the page for the host's. The address has nothing in it that is secret. */
export function depart(
  settings: OAuthSettings,
  page: Page,
  kind: Record<string, string>,
  verifier?: string,
): void {
  const state = STATE + random(page);
  const { search, hash } = page.location;
  keep(page, state, {
    authorize_url: settings.authorize_url,
    ...(verifier && { verifier }),
    search,
    hash,
    began: Date.now(),
  });
  const url = new URL(settings.authorize_url);
  const query = {
    client_id: settings.app_id,
    redirect_uri: returnOf(page),
    scope: settings.scope,
    state,
    ...kind,
  };
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  page.location.assign(url.href);
}

/** What came back in an address, and the attempt that it answers. */
export interface Return {
  fields: URLSearchParams;
  attempt: Attempt;
}

/** All that servers put into an address with an answer. */
const ANSWER = ['code', 'state', 'error', 'error_description', 'error_uri', 'iss', 'session_state'];

/**
 * Takes the answer in the query or the fragment out of the address, at once, and gives the page its
 * own back. Undefined for an address that is none of ours: nothing is touched then. Rejects an answer
 * whose state is none that this tab waits for.
 */
export function comeBack(
  settings: OAuthSettings,
  page: Page,
  where: 'search' | 'hash',
): Return | undefined {
  const { location } = page;
  const fields = new URLSearchParams(location[where].replace(/^[?#]?\/?/, ''));
  const isToken = where === 'hash' && fields.has('access_token');
  if (!isToken && !fields.has('code') && !fields.has('error')) return undefined;
  const waiting = attempts(page);
  const state = fields.get('state') ?? '';
  const isOwn = [...waiting.values()].some((attempt) => attempt[where] === location[where]);
  if (!isToken && !state.startsWith(STATE) && (waiting.size === 0 || isOwn)) return undefined;
  const attempt = waiting.get(state);
  restore(page, where, attempt);
  // Good once, whatever becomes of it.
  if (attempt) page.sessionStorage.removeItem(PREFIX + state);
  if (attempt?.authorize_url === settings.authorize_url) return { fields, attempt };
  throw new BackendError(
    'Unauthenticated',
    'This sign-in was not begun in this tab, or it was finished already. Nobody is signed in by it: sign in again.',
  );
}

/** An entry of the history that had a token or a code must not be had again by going back. */
function restore(page: Page, where: 'search' | 'hash', attempt: Attempt | undefined): void {
  const { pathname, search, hash } = page.location;
  const own = attempt ?? (where === 'hash' ? { search, hash: '' } : { search: bare(search), hash });
  const { state } = page.history;
  page.history.replaceState(state, '', pathname + own.search + own.hash);
  // The CMS's router may have read the address already: it looks again.
  page.dispatchEvent(new PopStateEvent('popstate', { state }));
}

/** The query without an answer in it, and else as it was written. */
function bare(search: string): string {
  const isAnswer = (pair: string) => ANSWER.includes(pair.replace(/=.*/s, ''));
  const rest = search
    .slice(1)
    .split('&')
    .filter((pair) => !isAnswer(pair));
  return rest.length > 0 ? `?${rest.join('&')}` : '';
}

function keep(page: Page, state: string, attempt: Attempt): void {
  try {
    const storage = page.sessionStorage;
    for (const [old, { began }] of attempts(page))
      if (attempt.began - began > FORGOTTEN) storage.removeItem(PREFIX + old);
    storage.setItem(PREFIX + state, JSON.stringify(attempt));
  } catch {
    throw new BackendError(
      'Unsupported',
      'Your browser lets this page keep nothing, so it can’t know you when you come back from signing in. Allow cookies and site data for this page, or sign in with a token.',
    );
  }
}

/** Those that this tab waits for. */
function attempts(page: Page): Map<string, Attempt> {
  const found = new Map<string, Attempt>();
  try {
    const storage = page.sessionStorage;
    for (const key of Object.keys(storage).filter((key) => key.startsWith(PREFIX))) {
      const attempt = parse(storage.getItem(key));
      if (attempt) found.set(key.slice(PREFIX.length), attempt);
      else storage.removeItem(key);
    }
  } catch {
    // Nothing is kept there then.
  }
  return found;
}

function parse(stored: string | null): Attempt | undefined {
  try {
    const attempt = JSON.parse(stored ?? '');
    return typeof attempt?.authorize_url === 'string' ? attempt : undefined;
  } catch {
    return undefined;
  }
}
