/**
 * The links in an identity service's mails. They lead to the page with a token in its address, as
 * https://github.com/netlify/netlify-identity-widget reads it.
 */

const KINDS = ['confirmation', 'invite', 'recovery', 'email_change'] as const;

export interface Link {
  kind: (typeof KINDS)[number];
  /** Good once, and for some days at most. */
  token: string;
}

/** The part of a window that is needed. */
export interface Page {
  readonly location: Pick<Location, 'pathname' | 'search' | 'hash'>;
  readonly history: Pick<History, 'replaceState' | 'state'>;
}

/**
 * Takes the token out of the page's address, e.g. `#recovery_token=…` or `#/recovery_token=…`, at
 * once: neither a bookmark nor going back may have it. Undefined, and nothing touched, where there is
 * none.
 */
export function takeLink(page: Page): Link | undefined {
  const { pathname, search, hash } = page.location;
  const fields = new URLSearchParams(hash.replace(/^#?\/?/, ''));
  for (const kind of KINDS) {
    const token = fields.get(`${kind}_token`);
    if (!token) continue;
    page.history.replaceState(page.history.state, '', pathname + search);
    return { kind, token };
  }
  return undefined;
}
