/** What a sign-in gives: a token and what renews it, read from a server's answer. */

import { BackendError } from '../errors.js';

export interface Grant {
  token: string;
  /** Good for another token, often once only. */
  refresh_token?: string;
  /** Until when the token is good, in milliseconds since 1970 by this machine's clock. */
  expires?: number;
  /** How long it was good for when it was given, in milliseconds. */
  lifetime?: number;
  /** What it may be used for: words with a space between them. */
  scope?: string;
}

/** Whose answer it is, for sentences. */
export interface Answerer {
  /** For people, e.g. "token endpoint" or "sign-in service". */
  name: string;
  /** Without anything secret in it. */
  url: string;
  /** The settings to look at where its address is wrong. */
  keys: string;
}

/**
 * A grant of an answer's fields, in the names of RFC 6749, those of sign-in services (`token`), or
 * Bitbucket's (`scopes`). Undefined where there is no token among them.
 */
export function grantOf(fields: Record<string, unknown>, now = Date.now()): Grant | undefined {
  const token = text(fields.access_token) || text(fields.token);
  if (token === '') return undefined;
  const refresh_token = text(fields.refresh_token);
  const scope = [fields.scope, fields.scopes]
    .flat()
    .map(text)
    .join(' ')
    .replaceAll(',', ' ')
    .trim();
  const lifetime = Number(fields.expires_in) * 1000;
  return {
    token,
    ...(refresh_token && { refresh_token }),
    // Zero, and what is no number, tell nothing.
    ...(lifetime > 0 && Number.isFinite(lifetime) && { expires: now + lifetime, lifetime }),
    ...(scope && { scope }),
  };
}

/** How long a server may take to answer, in milliseconds: other tabs wait for it, too. */
const PATIENCE = 30_000;

/** Asks for a grant. Only a clear answer with a token in it is one; anything else is an error. */
export async function requestGrant(
  answerer: Answerer,
  fields: Record<string, string>,
  fetch: typeof globalThis.fetch,
): Promise<Grant> {
  const response = await fetch(answerer.url, {
    method: 'POST',
    // A form needs no preflight, which some servers of Gitea don't answer.
    body: new URLSearchParams(fields),
    headers: { Accept: 'application/json' },
    credentials: 'omit',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.timeout(PATIENCE),
  }).catch(() => {
    throw new BackendError(
      'Network',
      `The ${answerer.name} at ${answerer.url} can't be reached. Check the connection and try again; if everything else can be reached, the server does not answer pages of ${globalThis.location?.origin} (CORS): ask whoever runs it to allow that.`,
    );
  });
  return readGrant(answerer, response);
}

/** Rejects with a sentence that says what to do. Hosts send errors with any status, GitHub with 200. */
export async function readGrant(answerer: Answerer, response: Response): Promise<Grant> {
  const { status } = response;
  const body: unknown = await response.json().catch(() => undefined);
  if (status >= 500 || status === 429) throw troubled(answerer, status);
  if (typeof body !== 'object' || body === null) throw noJSON(answerer, response);
  const fields = body as Record<string, unknown>;
  const grant = response.ok && !fields.error ? grantOf(fields) : undefined;
  if (!grant) throw refusal(answerer, status, fields);
  return grant;
}

function refusal(
  { name, url, keys }: Answerer,
  status: number,
  fields: Record<string, unknown>,
): BackendError {
  const code = text(fields.error);
  const reason = reasonOf(fields);
  const more = { status };
  if (/client secret/i.test(reason) || code === 'incorrect_client_credentials')
    return new BackendError(
      'Invalid',
      `The ${name} at ${url} wants a client secret, which a page can't keep: the application is registered as confidential. Ask whoever registered it to turn “Confidential” off.`,
      more,
    );
  if (/redirect.?ur[il]/i.test(code + reason))
    return new BackendError(
      'Invalid',
      `The ${name} at ${url} does not know the address of this page as one of the application’s. Ask whoever registered it to add ${here()} to its redirect URIs.`,
      more,
    );
  if (code === 'invalid_client')
    return new BackendError(
      'Invalid',
      `The ${name} at ${url} does not take the application${quoted(reason)}. Check backend.app_id, and that the application is registered without “Confidential”.`,
      more,
    );
  // Gitea says "unauthorized_client" of codes and refresh tokens that it does not take.
  if (/^(invalid_grant|unauthorized_client|bad_verification_code|bad_refresh_token)$/.test(code))
    return new BackendError(
      'Unauthenticated',
      'That sign-in has expired, or was used before. Sign in again.',
      more,
    );
  if (!code && !reason && status < 400)
    return new BackendError(
      'Unknown',
      `The ${name} at ${url} answered without a token. Check ${keys}, or ask whoever runs it.`,
      more,
    );
  return new BackendError(
    status === 401 || status === 403 ? 'Unauthenticated' : 'Unknown',
    `The ${name} at ${url} did not sign you in (${status})${quoted(reason)}. Sign in again; if that does not help, ask whoever runs it.`,
    more,
  );
}

function troubled({ name, url }: Answerer, status: number): BackendError {
  return status === 429
    ? new BackendError(
        'RateLimited',
        `The ${name} at ${url} has had too many requests. Wait a minute, and try again.`,
        { status },
      )
    : new BackendError(
        'Unknown',
        `The ${name} at ${url} is in trouble: it answered ${status}. Try again in a while.`,
        { status },
      );
}

function noJSON({ name, url, keys }: Answerer, { status, headers }: Response): BackendError {
  const isPage = headers.get('content-type')?.startsWith('text/html');
  const what = isPage ? 'a web page' : 'something that is no JSON';
  return new BackendError(
    'Invalid',
    `There is no ${name} at ${url}: the server answered with ${what} (${status}). Check ${keys}.`,
    { status },
  );
}

/** The words for people in an error, whichever way they are put, without what could be secret. */
export function reasonOf(fields: Record<string, unknown>): string {
  const { error_description, message, error, error_code } = fields;
  const nested =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'message') : error;
  const [found = ''] = [error_description, message, nested, error_code].map(text).filter(Boolean);
  return harmless(found);
}

/** Servers repeat in their errors what they were sent: long words with digits are left out. */
export function harmless(words: string): string {
  return words
    .slice(0, 300)
    .replace(/[^\s"'“”:=]{16,}/g, (word) => (/\d/.test(word) ? '…' : word))
    .replace(/\s+/g, ' ')
    .replace(/[\s.]+$/, '');
}

export const quoted = (reason: string) => reason && `: “${reason}”`;

const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '');

const here = () => `${globalThis.location?.origin}${globalThis.location?.pathname}`;
