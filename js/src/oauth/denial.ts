/** What a host's sign-in page sends back in place of a code or a token. */

import { BackendError } from '../errors.js';
import { harmless, quoted } from './grant.js';
import type { OAuthSettings } from './settings.js';

/** A sentence for the `error` of https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1 */
export function denial(fields: URLSearchParams, settings: OAuthSettings): BackendError {
  const { label, scope } = settings;
  const code = fields.get('error') ?? '';
  const reason = quoted(harmless(fields.get('error_description') || code));
  if (code === 'access_denied')
    return new BackendError(
      'Unauthenticated',
      `You did not allow this page to use your ${label} account, so nobody is signed in. Sign in again and allow it, or sign in another way.`,
    );
  if (code === 'invalid_scope')
    return new BackendError(
      'Invalid',
      `${label} does not let the application have the scope “${scope}”${reason}. Ask whoever registered it to add that scope.`,
    );
  if (code === 'unsupported_response_type' || code === 'unauthorized_client')
    return new BackendError(
      'Invalid',
      `${label} does not let the application sign people in this way${reason}. Set backend.auth_type to what it is registered for; “pkce” where the host has it.`,
    );
  if (code === 'server_error' || code === 'temporarily_unavailable')
    return new BackendError(
      'Unknown',
      `${label} is in trouble and could not sign you in${reason}. Try again in a while.`,
    );
  return new BackendError(
    'Unknown',
    `${label} did not sign you in${reason}. Sign in again; if that does not help, ask whoever administers the site.`,
  );
}

/** Throws where fewer scopes were given than were asked for. Hosts that don't say, gave all. */
export function checkScope(given: string | undefined, { host, label, scope }: OAuthSettings): void {
  // Bitbucket answers with the application's scopes, whatever was asked for.
  if (!given || host === 'bitbucket') return;
  const missing = scope.split(' ').filter((name) => !given.split(' ').includes(name));
  if (missing.length === 0) return;
  throw new BackendError(
    'Forbidden',
    `${label} gave this page access without the scope “${missing.join(' ')}”, which it needs to save anything. Sign in again and allow all that is asked for.`,
  );
}
