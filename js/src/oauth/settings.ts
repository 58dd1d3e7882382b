/** Where and how people sign in to a host, by the keys that Static CMS documents. */

import { BackendError } from '../errors.js';
import type { BackendConfig } from '../types.js';
import { addressOf, isSameOrigin } from './address.js';

export type Host = 'github' | 'gitlab' | 'gitea' | 'bitbucket';

/** `popup` is a sign-in service (Netlify's, or one's own), `token` is pasted by hand. */
export type Way = 'popup' | 'pkce' | 'implicit' | 'token';

export interface OAuthSettings {
  host: Host;
  /** The host's name for people. */
  label: string;
  /** What the configuration offers, the main way first. `token` is always one of them. */
  ways: Way[];
  /** The origin of all that follows, and what every message of a popup must come from. */
  origin: string;
  /** Absolute, without a slash at its end; '' where there is only `token`, as all that follows. */
  base_url: string;
  /** Where a person is sent, or what a popup opens. */
  authorize_url: string;
  /** Where a code becomes a token (pkce), and a refresh token a new one (pkce and popup). */
  token_url: string;
  site_id: string;
  app_id: string;
  scope: string;
}

/** What is read of a page's `location`. */
export type Place = Pick<Location, 'hostname' | 'protocol'>;

interface Known {
  label: string;
  /** The server that people sign in to themselves, and its paths. */
  server: string;
  authorize: string;
  token: string;
  scope: string;
  /** Without a sign-in service of one's own, Netlify's is asked. */
  netlify: boolean;
}

/** What Static CMS sends, host by host. Bitbucket takes scopes of the application alone. */
const HOSTS: Record<Host, Known> = {
  github: {
    label: 'GitHub',
    server: 'https://github.com',
    authorize: 'login/oauth/authorize',
    token: 'login/oauth/access_token',
    scope: 'repo',
    netlify: true,
  },
  gitlab: {
    label: 'GitLab',
    server: 'https://gitlab.com',
    authorize: 'oauth/authorize',
    token: 'oauth/token',
    scope: 'api',
    netlify: false,
  },
  gitea: {
    label: 'Gitea',
    server: '',
    authorize: 'login/oauth/authorize',
    token: 'login/oauth/access_token',
    scope: 'repository',
    netlify: false,
  },
  bitbucket: {
    label: 'Bitbucket',
    server: 'https://bitbucket.org',
    authorize: 'site/oauth2/authorize',
    token: 'site/oauth2/access_token',
    scope: 'repository:write',
    netlify: true,
  },
};

const NETLIFY = 'https://api.netlify.com';

/** Throws a BackendError of kind Invalid that names the key that is wrong. */
export function oauthOf(host: Host, config: BackendConfig, page: Place): OAuthSettings {
  const known = HOSTS[host];
  const way = wayOf(host, config, page);
  const app_id = word(config, 'app_id');
  const none = { origin: '', base_url: '', authorize_url: '', token_url: '' };
  const shared = { host, label: known.label, site_id: siteOf(config, page), app_id };
  if (way === 'token') return { ...shared, ...none, ways: ['token'], scope: '' };
  if (way !== 'popup' && app_id === '')
    throw invalid(
      'app_id',
      `is missing: backend.auth_type “${way}” needs the ID of an application that is registered with ${known.label}`,
    );
  const base_url = baseOf(host, way, config, page);
  const authorize = word(config, 'auth_endpoint') || (way === 'popup' ? 'auth' : known.authorize);
  const token = word(config, 'auth_token_endpoint') || known.token;
  return {
    ...shared,
    ways: [way, 'token'],
    origin: new URL(base_url).origin,
    base_url,
    authorize_url: below(base_url, authorize),
    token_url: way === 'popup' ? below(base_url, authorize, '/refresh') : below(base_url, token),
    scope: scopeOf(host, way, config),
  };
}

/**
 * GitHub and Bitbucket have a sign-in service by default. GitLab and Gitea have one where `base_url`
 * is not the server itself; the application's ID alone means PKCE, which they both offer to pages.
 */
function wayOf(host: Host, config: BackendConfig, page: Place): Way {
  const type = word(config, 'auth_type');
  if (!['', 'pkce', 'implicit'].includes(type))
    throw invalid('auth_type', `is “${type}”: it must be “pkce” or “implicit”, or not be there`);
  const hasBase = word(config, 'base_url') !== '';
  // Static CMS passes over the key for GitHub, whose own server signs nobody in from a page.
  if (host === 'github') return type === 'pkce' && hasBase ? 'pkce' : 'popup';
  if (host === 'bitbucket')
    return type === 'implicit' || (type === 'pkce' && hasBase) ? (type as Way) : 'popup';
  if (host === 'gitea') {
    if (word(config, 'app_id') !== '') return 'pkce';
    return isService(host, config, page) ? 'popup' : 'token';
  }
  if (type !== '') return type as Way;
  if (isService(host, config, page)) return 'popup';
  return word(config, 'app_id') === '' ? 'token' : 'pkce';
}

/** Whether `base_url` is a sign-in service: it is elsewhere than the host's API. */
function isService(host: Host, config: BackendConfig, page: Place): boolean {
  const base = addressOf(config, 'base_url', page);
  if (base === '') return false;
  if (word(config, 'app_id') === '' && word(config, 'auth_endpoint') !== '') return true;
  const api = addressOf(config, 'api_root', page) || HOSTS[host].server;
  return api !== '' && !isSameOrigin(api, base);
}

function baseOf(host: Host, way: Way, config: BackendConfig, page: Place): string {
  const given = addressOf(config, 'base_url', page);
  if (given !== '') return given;
  const { server, netlify } = HOSTS[host];
  if (way === 'popup' && netlify) return NETLIFY;
  const base = server || addressOf(config, 'api_root', page).replace(/\/api\/v1$/, '');
  if (base !== '') return base;
  throw invalid('base_url', 'is missing: it must be the address of the server');
}

/** What a service on this machine would not know the site by. */
function siteOf(config: BackendConfig, { hostname }: Place): string {
  const isLocal = hostname === 'localhost' || hostname === '127.0.0.1';
  return word(config, 'site_domain') || (isLocal ? 'cms.netlify.com' : hostname);
}

/** `auth_scope` is GitHub's alone, as in Static CMS. Its services for Bitbucket are asked for "repo". */
function scopeOf(host: Host, way: Way, config: BackendConfig): string {
  if (host === 'github')
    return word(config, 'auth_scope') || (config.open_authoring ? 'public_repo' : 'repo');
  return host === 'bitbucket' && way === 'popup' ? 'repo' : HOSTS[host].scope;
}

function word(config: BackendConfig, key: string): string {
  const value = config[key] ?? '';
  if (typeof value === 'string') return value.trim();
  // YAML makes a number of an ID of digits.
  if (typeof value === 'number') return String(value);
  throw invalid(key, `is ${JSON.stringify(value)}: it must be a text`);
}

/** With slashes as they should be. A query of the path stays, behind what follows the path. */
function below(base: string, path: string, suffix = ''): string {
  const url = new URL(`${base}/${path.replace(/^\/+/, '')}`);
  url.pathname = url.pathname.replace(/\/+$/, '') + suffix;
  url.hash = '';
  return url.href;
}

const invalid = (key: string, what: string) =>
  new BackendError('Invalid', `backend.${key} ${what}.`);
