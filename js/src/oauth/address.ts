/** Addresses of servers that tokens come from. */

import { BackendError } from '../errors.js';
import type { BackendConfig } from '../types.js';

/**
 * The address in a configuration, without a slash at its end; '' where it has none. Throws where it
 * is no address of a server, and where a token would leave a page that is protected (https) without
 * protection. A page that came over plain http has none to lose; this machine needs none.
 */
export function addressOf(
  config: BackendConfig,
  key: 'base_url' | 'api_root',
  page: Pick<Location, 'protocol'>,
): string {
  const value = config[key] ?? '';
  if (value === '') return '';
  const url = webURL(value);
  if (!url)
    throw new BackendError(
      'Invalid',
      `backend.${key} is ${JSON.stringify(value)}: it must be the address of a server, such as https://example.com.`,
    );
  if (url.protocol === 'http:' && page.protocol === 'https:' && !isThisMachine(url.hostname))
    throw new BackendError(
      'Invalid',
      `backend.${key} begins with http: — your access would pass through the network for all to read. It must begin with https:.`,
    );
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

export const isSameOrigin = (one: string, other: string) =>
  new URL(one).origin === new URL(other).origin;

export const isThisMachine = (hostname: string) =>
  /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

/** Undefined for what has a user, a query or a fragment: none belongs there. */
function webURL(value: unknown): URL | undefined {
  try {
    const url = new URL(typeof value === 'string' ? value.trim() : '');
    const isPlain = url.username + url.password + url.search + url.hash === '';
    return isPlain && /^https?:$/.test(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}
