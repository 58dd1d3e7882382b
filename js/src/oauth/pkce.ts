/**
 * Signing in at a host itself, with a proof (PKCE) in place of a secret:
 * https://www.rfc-editor.org/rfc/rfc7636
 */

import { BackendError } from '../errors.js';
import { base64url, comeBack, depart, type Page, random, returnOf } from './attempt.js';
import { checkScope, denial } from './denial.js';
import { type Answerer, type Grant, requestGrant } from './grant.js';
import type { OAuthSettings } from './settings.js';

/** Leaves the page. Rejects where this browser or this page can't do it. */
export async function begin(settings: OAuthSettings, page: Page): Promise<void> {
  // Only pages that came over https, and those of this machine, have it.
  if (!page.crypto.subtle)
    throw new BackendError(
      'Unsupported',
      'Signing in at the host takes a page that came over https. Open this page with https: in its address, or sign in with a token.',
    );
  const verifier = random(page);
  const challenge = await page.crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const kind = {
    response_type: 'code',
    code_challenge_method: 'S256',
    code_challenge: base64url(new Uint8Array(challenge)),
  };
  depart(settings, page, kind, verifier);
}

/**
 * A grant where the page's address has the answer to an attempt of this tab; undefined where it has
 * none. The address is the page's own again before anything is asked, so call it before the CMS
 * reads the address.
 */
export async function resume(
  settings: OAuthSettings,
  page: Page,
  fetch: typeof globalThis.fetch,
): Promise<Grant | undefined> {
  const back = comeBack(settings, page, 'search');
  if (!back) return undefined;
  const { fields, attempt } = back;
  const code = fields.get('code');
  if (!code || fields.has('error')) throw denial(fields, settings);
  const proof = { code, code_verifier: attempt.verifier ?? '', redirect_uri: returnOf(page) };
  const grant = await requestGrant(
    tokenEndpoint(settings),
    { grant_type: 'authorization_code', client_id: settings.app_id, ...proof },
    fetch,
  );
  checkScope(grant.scope, settings);
  return grant;
}

export const tokenEndpoint = ({ label, token_url }: OAuthSettings): Answerer => ({
  name: `token endpoint of ${label}`,
  url: token_url,
  keys: 'backend.base_url and backend.auth_token_endpoint',
});
