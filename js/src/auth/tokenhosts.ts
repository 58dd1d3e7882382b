/** The hosts that people sign in to with a token of theirs, and where they get one. */

export interface TokenHost {
  /** Its name, for people. */
  label: string;
  /** The page that makes a token with the right scopes; '' where that can't be known. */
  tokenPage(backend: Record<string, unknown>): string;
}

export const TOKEN_HOSTS: Record<string, TokenHost> = {
  github: { label: 'GitHub', tokenPage: githubTokenPage },
};

/**
 * GitHub preselects what the address says:
 * https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/managing-your-personal-access-tokens
 * Its `base_url` is of no help: in the CMS's configuration that is the OAuth server.
 */
function githubTokenPage({
  api_root,
  auth_scope,
  open_authoring,
}: Record<string, unknown>): string {
  const web = githubWeb(typeof api_root === 'string' ? api_root : 'https://api.github.com');
  if (web === '') return '';
  const scopes =
    typeof auth_scope === 'string' ? auth_scope : open_authoring ? 'public_repo' : 'repo';
  const query = new URLSearchParams({ scopes, description: `CMS of ${globalThis.location?.host}` });
  return `${web}/settings/tokens/new?${query}`;
}

/** github.com and ghe.com answer at api.<host>, a server of one's own at <host>/api/v3. */
function githubWeb(apiRoot: string): string {
  let url: URL;
  try {
    url = new URL(apiRoot);
  } catch {
    return '';
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return '';
  if (url.hostname.startsWith('api.')) return `${url.protocol}//${url.host.slice('api.'.length)}`;
  const enterprise = /^(.*)\/api\/v3\/*$/.exec(url.pathname);
  return enterprise ? `${url.origin}${enterprise[1]}` : '';
}
