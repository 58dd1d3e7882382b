/** Where a site's gateway is, its identity service and its large media. */

import { BackendError } from '../errors.js';
import type { BackendConfig } from '../types.js';

const PROVIDERS = ['github', 'gitlab', 'bitbucket'] as const;

/** The hosts that a gateway can have behind it. */
export type Provider = (typeof PROVIDERS)[number];

/** Absolute addresses without a slash at their ends. */
export interface Endpoints {
  gateway: string;
  identity: string;
  largeMedia: string;
  /** The host behind the gateway, where its address ends in the name. */
  provider: Provider | undefined;
}

/** Throws a BackendError where the configuration has something that is no address. */
export function endpointsOf(config: BackendConfig): Endpoints {
  const address = absolute(config, 'gateway_url', '/.netlify/git');
  const provider = PROVIDERS.find((name) => address.endsWith(`/${name}`));
  return {
    gateway: provider ? address.slice(0, -provider.length - 1) : address,
    identity: absolute(config, 'identity_url', '/.netlify/identity'),
    largeMedia: absolute(config, 'large_media_url', '/.netlify/large-media'),
    provider,
  };
}

/** What the gateway's settings switched on. */
export function enabledProvider(settings: Record<string, unknown>): Provider | undefined {
  return PROVIDERS.find((name) => settings[`${name}_enabled`] === true);
}

function absolute(config: BackendConfig, key: string, usual: string): string {
  const value = config[key] || usual;
  try {
    const url = new URL(onSite(String(value)), globalThis.location?.href);
    if (typeof value === 'string' && /^https?:$/.test(url.protocol))
      return (url.origin + url.pathname).replace(/\/+$/, '');
  } catch {
    // Said below.
  }
  throw new BackendError(
    'Invalid',
    `backend.${key} is ${JSON.stringify(value)}: it must be an address, such as https://example.com${usual}.`,
  );
}

const LOCAL = ['localhost', '127.0.0.1', '0.0.0.0', '[::1]'];

/** On this machine there is no gateway: Netlify's widget keeps the site that is meant. */
function onSite(address: string): string {
  const local = LOCAL.includes(globalThis.location?.hostname ?? '');
  if (!local || !address.startsWith('/.netlify/')) return address;
  const site = siteURL();
  return site ? site.replace(/\/+$/, '') + address : address;
}

function siteURL(): string | null {
  try {
    return localStorage.getItem('netlifySiteURL');
  } catch {
    return null; // A page may be kept from its storage.
  }
}
