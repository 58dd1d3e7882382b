/**
 * What a sign-in service and the page that opened it tell each other, as Netlify's service does it
 * and all that can stand in for it:
 *
 *     service → page   authorizing:github
 *     page → service   authorizing:github      (so that it knows the page's origin)
 *     service → page   authorization:github:success:{"token": "…", "provider": "github"}
 *                   or authorization:github:error:{"message": "…"}
 */

import { BackendError } from '../errors.js';
import { type Grant, grantOf, harmless, quoted, reasonOf } from './grant.js';
import type { OAuthSettings } from './settings.js';

export const greeting = ({ host }: OAuthSettings) => `authorizing:${host}`;

/**
 * What a message of the service says: a greeting, or a grant. Undefined for what has nothing to do
 * with signing in. Throws for an error, and for what is said of another host.
 */
export function understand(
  message: unknown,
  settings: OAuthSettings,
): 'greeting' | Grant | undefined {
  const parts =
    typeof message === 'string' ? /^(\w+):([^:]+)(?::(\w+):(.*))?$/s.exec(message) : null;
  const [, verb, host = '', outcome, payload = ''] = parts ?? [];
  if (verb !== 'authorizing' && verb !== 'authorization') return undefined;
  if (host !== settings.host) throw wrongHost(host, settings);
  if (verb === 'authorizing') return 'greeting';
  const fields = fieldsOf(payload);
  if (outcome === 'error') throw refused(fields, settings);
  if (outcome !== 'success') return undefined;
  const said = fields.provider;
  if (typeof said === 'string' && said.toLowerCase() !== settings.host)
    throw wrongHost(said, settings);
  const grant = grantOf(fields);
  if (!grant)
    throw new BackendError(
      'Unknown',
      `${service(settings)} said that you are signed in, but sent no token. Ask whoever runs it.`,
    );
  return grant;
}

/** Whether a message is one of a service's, to whatever page. */
export const isOfService = (message: unknown) =>
  typeof message === 'string' && /^authoriz(ing|ation):/.test(message);

/** Services send an object, a text in quotes, or a bare text. */
function fieldsOf(payload: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(payload);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
    return { message: String(value) };
  } catch {
    return { message: payload };
  }
}

function refused(fields: Record<string, unknown>, settings: OAuthSettings): BackendError {
  const reason = reasonOf(fields);
  if ([fields.error, reason].some((said) => /^access_denied\b/.test(String(said))))
    return new BackendError(
      'Unauthenticated',
      `You did not allow this page to use your ${settings.label} account, so nobody is signed in. Sign in again and allow it, or sign in another way.`,
    );
  return new BackendError(
    'Unauthenticated',
    `${service(settings)} did not sign you in${quoted(reason)}. Try again; if that does not help, ask whoever administers the site.`,
  );
}

const wrongHost = (said: string, settings: OAuthSettings) =>
  new BackendError(
    'Invalid',
    `${service(settings)} signs people in to “${harmless(said)}”, not to ${settings.label}. Check backend.name and backend.base_url.`,
  );

export const service = ({ base_url }: OAuthSettings) => `The sign-in service at ${base_url}`;
