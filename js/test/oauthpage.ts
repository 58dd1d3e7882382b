/** A page that people sign in from, and settings for it. */

import type { Page } from '../src/oauth/attempt.js';
import { type Host, type OAuthSettings, oauthOf } from '../src/oauth/settings.js';
import type { BackendConfig } from '../src/types.js';
import { assert } from './assert.js';

export interface TestPage extends Page {
  location: Page['location'] & { search: string; hash: string };
  /** Where it was sent. */
  left: URL[];
  /** What a router heard, with the route that it saw then. */
  routes: string[];
  /** Its address, without the origin. */
  address(): string;
  /** It comes back from the host, to where the host was told, with an answer. */
  comesBack(answer: { search?: string; hash?: string }): void;
}

export const SITE = { protocol: 'https:', hostname: 'site.example' };

/** @param address below https://site.example/admin/ */
export function openPage(address = '', storage: Storage = sessionStorage): TestPage {
  const left: URL[] = [];
  const routes: string[] = [];
  const location = {
    ...partsOf(address),
    assign: (to: string | URL) => void left.push(new URL(to)),
  };
  return {
    location,
    left,
    history: {
      state: { key: 'kept' },
      replaceState: (state, _, url) => {
        assert(JSON.stringify(state) === '{"key":"kept"}', 'the state of the history');
        Object.assign(location, partsOf(String(url).replace('/admin/', '')));
      },
    },
    sessionStorage: storage,
    crypto,
    dispatchEvent: ({ type }) => {
      routes.push(`${type} ${location.hash}`);
      return true;
    },
    routes,
    address: () => location.pathname + location.search + location.hash,
    comesBack: (answer) => void Object.assign(location, { search: '', hash: '', ...answer }),
  };
}

function partsOf(address: string) {
  const { origin, pathname, search, hash } = new URL(address, 'https://site.example/admin/');
  return { origin, pathname, search, hash };
}

export const settingsOf = (host: Host, config: BackendConfig = {}): OAuthSettings =>
  oauthOf(host, config, SITE);

/** The state that the host was given. */
export function stateOf(page: TestPage): string {
  return page.left.at(-1)?.searchParams.get('state') ?? '';
}

/** A storage of a page that may not have any. */
export const NO_STORAGE = new Proxy({} as Storage, {
  get() {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  },
});
