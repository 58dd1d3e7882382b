/** The hosts that people sign in to with a token of theirs, and where they get one. */

import type { BackendConfig } from '../types.js';

export interface TokenHost {
  /** That of the backend. */
  name: string;
  /** Its name, for people. */
  label: string;
  /** Whether some of its tokens are used with an e-mail address. */
  withEmail?: boolean;
  /** The page that makes a token with the right scopes; '' where that can't be known. */
  tokenPage(backend: BackendConfig): string;
}

export const TOKEN_HOSTS: Record<string, TokenHost> = {
  github: { name: 'github', label: 'GitHub', tokenPage: githubTokenPage },
  gitlab: { name: 'gitlab', label: 'GitLab', tokenPage: gitlabTokenPage },
  gitea: { name: 'gitea', label: 'Gitea', tokenPage: giteaTokenPage },
  bitbucket: {
    name: 'bitbucket',
    label: 'Bitbucket',
    withEmail: true,
    tokenPage: bitbucketTokenPage,
  },
};

/**
 * GitHub preselects what the address says:
 * https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/managing-your-personal-access-tokens
 * Its `base_url` is of no help: in the CMS's configuration that is the OAuth server.
 */
function githubTokenPage({
  api_root = 'https://api.github.com',
  auth_scope,
  open_authoring,
}: BackendConfig): string {
  const web = githubWeb(api_root);
  if (web === '') return '';
  const scopes =
    typeof auth_scope === 'string' ? auth_scope : open_authoring ? 'public_repo' : 'repo';
  const query = new URLSearchParams({ scopes, description: purpose() });
  return `${web}/settings/tokens/new?${query}`;
}

/** github.com and ghe.com answer at api.<host>, a server of one's own at <host>/api/v3. */
function githubWeb(apiRoot: unknown): string {
  const url = webURL(apiRoot);
  if (url?.hostname.startsWith('api.')) return `${url.protocol}//${url.host.slice('api.'.length)}`;
  return webAbove('/api/v3', apiRoot);
}

/**
 * GitLab preselects the name and the scopes:
 * https://docs.gitlab.com/user/profile/personal_access_tokens/
 */
function gitlabTokenPage({ api_root = 'https://gitlab.com/api/v4' }: BackendConfig): string {
  const web = webAbove('/api/v4', api_root);
  if (web === '') return '';
  const query = new URLSearchParams({ name: purpose(), scopes: 'api' });
  return `${web}/-/user_settings/personal_access_tokens?${query}`;
}

/** Gitea has no address that preselects anything; its `base_url` is the server itself. */
function giteaTokenPage({ api_root, base_url }: BackendConfig): string {
  const web = webAbove('/api/v1', api_root) || webAbove('', base_url);
  return web && `${web}/user/settings/applications`;
}

/**
 * An account's API tokens are made at Atlassian, which preselects nothing; they are sent with the
 * account's e-mail address, the access tokens of a repository, project or workspace without one:
 * https://support.atlassian.com/bitbucket-cloud/docs/using-api-tokens/
 */
function bitbucketTokenPage({ api_root = 'https://api.bitbucket.org/2.0' }: BackendConfig): string {
  const isCloud = webURL(api_root)?.hostname === 'api.bitbucket.org';
  return isCloud ? 'https://id.atlassian.com/manage-profile/security/api-tokens' : '';
}

/** The address without the API's path at its end; '' for what has none, or is no web address. */
function webAbove(path: string, address: unknown): string {
  const url = webURL(address);
  const whole = url?.pathname.replace(/\/+$/, '');
  if (!url || !whole?.endsWith(path)) return '';
  return url.origin + whole.slice(0, whole.length - path.length);
}

function webURL(address: unknown): URL | undefined {
  try {
    const url = new URL(String(address));
    return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
  } catch {
    return undefined;
  }
}

/** What the token is for, by which people tell theirs apart. */
const purpose = () => `CMS of ${globalThis.location?.host}`;
