/** Keeps a GoTrue session where the site wants it: by default where Netlify's own clients find it, too. */

import type { Mode } from '../oauth/keeper.js';
import { claimsOf } from './identity.js';

export interface Session {
  access_token: string;
  refresh_token: string;
  /** How long the access token is good in all, in milliseconds. */
  lifetime: number;
  /** Until when it is good, in milliseconds since 1970 by this machine's clock. */
  ends: number;
}

/** The key and the shape are those of https://github.com/netlify/gotrue-js. */
const KEY = 'gotrue.user';

interface Stored {
  url?: string;
  token?: {
    access_token?: unknown;
    refresh_token?: unknown;
    expires_in?: unknown;
    expires_at?: unknown;
  };
}

export class SessionStore {
  readonly #url: string;
  readonly #mode: Mode;
  /** With the mode `memory`, and where the page may not store anything. */
  #memory: Session | undefined;

  /** @param url of the identity service: a session at another one is none here */
  constructor(url: string, mode: Mode) {
    this.#url = url;
    this.#mode = mode;
  }

  /** Getting it throws where a page may not store anything. */
  get #storage(): Storage | undefined {
    if (this.#mode === 'memory') return undefined;
    return this.#mode === 'tab' ? sessionStorage : localStorage;
  }

  read(): Session | undefined {
    try {
      return this.#memory ?? this.#session(JSON.parse(this.#storage?.getItem(KEY) ?? '{}'));
    } catch {
      return undefined;
    }
  }

  write(session: Session): void {
    const { access_token, refresh_token, lifetime, ends } = session;
    const { sub, email, app_metadata, user_metadata } = claimsOf(access_token);
    const stored = {
      url: this.#url,
      token: {
        access_token,
        refresh_token,
        token_type: 'bearer',
        expires_in: lifetime / 1000,
        expires_at: ends,
      },
      id: sub,
      email,
      app_metadata,
      user_metadata,
    };
    this.#memory = session;
    try {
      this.#storage?.setItem(KEY, JSON.stringify(stored));
      if (this.#storage) this.#memory = undefined; // Another tab may renew what is stored.
    } catch {
      // Then the page alone has it.
    }
  }

  clear(): void {
    this.#memory = undefined;
    try {
      this.#storage?.removeItem(KEY);
    } catch {
      // Nothing is kept there then.
    }
  }

  #session({ url, token }: Stored): Session | undefined {
    const at = url && new URL(url, globalThis.location?.href).href.replace(/\/+$/, '');
    if (at !== this.#url) return undefined;
    const { access_token, refresh_token, expires_in, expires_at } = token ?? {};
    if (typeof access_token !== 'string' || typeof refresh_token !== 'string') return undefined;
    const lifetime = (Number(expires_in) || 0) * 1000;
    return { access_token, refresh_token, lifetime, ends: Number(expires_at) || 0 };
  }
}
