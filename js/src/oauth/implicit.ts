/**
 * Signing in at a host that answers with the token itself, in the address:
 * https://www.rfc-editor.org/rfc/rfc6749#section-4.2. Where there is a choice, PKCE is better.
 */

import { comeBack, depart, type Page } from './attempt.js';
import { checkScope, denial } from './denial.js';
import { type Grant, grantOf } from './grant.js';
import type { OAuthSettings } from './settings.js';

/** Leaves the page. Throws where this browser can't do it. */
export function begin(settings: OAuthSettings, page: Page): void {
  depart(settings, page, { response_type: 'token' });
}

/**
 * A grant where the page's fragment has the answer to an attempt of this tab; undefined where it has
 * none. Throws for a token that came otherwise. The fragment is the page's own again in any case, so
 * call it before the CMS reads its route there.
 */
export function resume(settings: OAuthSettings, page: Page): Grant | undefined {
  // Some servers put a refusal into the query.
  const back = comeBack(settings, page, 'hash') ?? comeBack(settings, page, 'search');
  if (!back) return undefined;
  const { fields } = back;
  const grant = fields.has('error') ? undefined : grantOf(Object.fromEntries(fields));
  if (!grant) throw denial(fields, settings);
  checkScope(grant.scope, settings);
  return grant;
}
