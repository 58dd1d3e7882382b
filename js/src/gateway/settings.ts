/** What a gateway says of itself: which host is behind it, and who may come in. */

import { BackendError } from '../errors.js';
import { ask, reasonOf, type Service } from './answers.js';
import { enabledProvider, type Provider } from './endpoints.js';

export interface Settings {
  provider: Provider;
  /** Of which one is needed; none lets everybody in. */
  roles: string[];
}

/** Asks the gateway, as whoever has the token. */
export async function readSettings(
  gateway: string,
  token: string,
  fetch: typeof globalThis.fetch,
): Promise<Settings> {
  const service: Service = {
    name: 'Git Gateway',
    url: gateway,
    fetch,
    advice: 'Enable it in the settings of the site, or set backend.gateway_url.',
  };
  const headers = { Authorization: `Bearer ${token}` };
  const { status, body } = await ask(service, '/settings', { headers });
  if (status === 401 || status === 403) throw refused(gateway, status, reasonOf(body));
  const provider = enabledProvider(body);
  if (status !== 200 || !provider) throw unusable(gateway, status, reasonOf(body));
  return { provider, roles: Array.isArray(body.roles) ? body.roles.map(String) : [] };
}

function refused(gateway: string, status: number, reason: string): BackendError {
  return new BackendError(
    status === 401 ? 'Unauthenticated' : 'Forbidden',
    `Git Gateway at ${gateway} does not let you in${quoted(reason)}. Sign in again; if that does not help, ask whoever administers the site.`,
    { status },
  );
}

function unusable(gateway: string, status: number, reason: string): BackendError {
  return new BackendError(
    'Invalid',
    status === 200
      ? `Git Gateway at ${gateway} is connected to no repository. Ask whoever administers the site to connect it.`
      : `Git Gateway at ${gateway} did not tell its settings (${status})${quoted(reason)}. Ask whoever administers the site.`,
    { status },
  );
}

const quoted = (reason: string) => reason && `: “${reason}”`;
