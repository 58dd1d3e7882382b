/**
 * The token of a session, renewed in time. What renews it is often good once only, so of all that
 * ask, in all tabs, one renews.
 */

import { BackendError } from '../errors.js';
import { signedOut, type Token } from '../gateway/identity.js';
import { type Answerer, type Grant, requestGrant } from './grant.js';
import type { Safe } from './keeper.js';
import { tokenEndpoint } from './pkce.js';
import type { OAuthSettings } from './settings.js';

/** The longest time before its end that a token is renewed. */
const MARGIN = 60_000;

/** How long a token is used before one looks again whether another tab has renewed it. */
const UNKNOWN = 600_000;

/** When to try again where a renewal failed. */
const RETRY = 10_000;

/** Gives a grant for a refresh token. Unauthenticated means that it is good no more. */
export type Renew = (refreshToken: string) => Promise<Grant>;

export interface RenewalOptions {
  /** For the lock that tabs share: what tells sessions at one server from those at another. */
  name: string;
  safe: Safe;
  renew: Renew;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Undefined on pages that came over plain http: tabs look after each other without it. */
  locks?: Pick<LockManager, 'request'> | undefined;
}

export class Renewal {
  readonly #options: Required<RenewalOptions>;
  #renewal: Promise<Token> | undefined;

  constructor(options: RenewalOptions) {
    this.#options = { now: Date.now, locks: globalThis.navigator?.locks, ...options };
  }

  /** A token other than the one that was refused. Rejects with Unauthenticated where none is left. */
  async token(refused = ''): Promise<Token> {
    const held = this.#held();
    if (this.#isGood(held, refused)) return this.#tokenOf(held);
    this.#renewal ??= this.#renewAlone(refused).finally(() => {
      this.#renewal = undefined;
    });
    const token = await this.#renewal;
    // It was begun for another reason, and may have gone on with the very token that was refused.
    return token.text === refused ? this.token(refused) : token;
  }

  #held(): Grant {
    const held = this.#options.safe.read();
    if (!held) throw signedOut();
    return held;
  }

  async #renewAlone(refused: string): Promise<Token> {
    const { locks, name } = this.#options;
    if (!locks) return this.#renew(refused);
    return await locks.request(`mooring ${name}`, () => this.#renew(refused));
  }

  async #renew(refused: string): Promise<Token> {
    const held = this.#held();
    if (this.#isGood(held, refused)) return this.#tokenOf(held); // Another tab was faster.
    // By our clock it is over, which may be wrong: the host has the last word.
    if (!held.refresh_token && held.token !== refused) return { text: held.token, lives: RETRY };
    if (!held.refresh_token) throw signedOut();
    try {
      const fresh = await this.#options.renew(held.refresh_token);
      if (fresh.token === refused) throw signedOut();
      // Some servers send another refresh token, some mean the old one.
      const grant = { refresh_token: held.refresh_token, ...fresh };
      this.#options.safe.write(grant);
      return this.#tokenOf(grant);
    } catch (error) {
      return this.#without(error, held, refused);
    }
  }

  /** A token that still lives does without a renewal. */
  #without(error: unknown, held: Grant, refused: string): Token {
    const remains = this.#remains(held);
    if (held.token !== refused && remains > 0)
      return { text: held.token, lives: Math.min(remains, RETRY) };
    if (!(error instanceof BackendError) || error.kind !== 'Unauthenticated') throw error;
    const now = this.#options.safe.read();
    if (now && now.refresh_token !== held.refresh_token && now.token !== refused)
      return this.#tokenOf(now);
    this.#options.safe.clear();
    throw signedOut();
  }

  #isGood(grant: Grant, refused: string): boolean {
    return grant.token !== refused && this.#lives(grant) > 0;
  }

  #tokenOf(grant: Grant): Token {
    return { text: grant.token, lives: Math.max(0, this.#lives(grant)) };
  }

  /** Until it should be renewed. */
  #lives(grant: Grant): number {
    if (grant.expires === undefined) return UNKNOWN;
    const { lifetime = Number.POSITIVE_INFINITY } = grant;
    return this.#remains(grant) - Math.min(MARGIN, lifetime / 4);
  }

  /** Never longer than it was good for in all: a clock that was put back would make it live on. */
  #remains({ expires, lifetime = Number.POSITIVE_INFINITY }: Grant): number {
    if (expires === undefined) return UNKNOWN;
    return Math.min(expires - this.#options.now(), lifetime);
  }
}

/** By the token endpoint, for sign-ins with PKCE: https://www.rfc-editor.org/rfc/rfc6749#section-6 */
export function renewAtHost(settings: OAuthSettings, fetch: typeof globalThis.fetch): Renew {
  const answerer = tokenEndpoint(settings);
  return (refresh_token) =>
    requestGrant(
      answerer,
      { grant_type: 'refresh_token', refresh_token, client_id: settings.app_id },
      fetch,
    );
}

/**
 * By a sign-in service, for sign-ins in a popup. Netlify's own clients put the refresh token into
 * the address; it belongs in the body, where no log has it.
 */
export function renewAtService(settings: OAuthSettings, fetch: typeof globalThis.fetch): Renew {
  const answerer: Answerer = {
    name: 'sign-in service',
    url: settings.token_url,
    keys: 'backend.base_url and backend.auth_endpoint',
  };
  const { host: provider, site_id } = settings;
  return async (refresh_token) => {
    try {
      return await requestGrant(answerer, { provider, site_id, refresh_token }, fetch);
    } catch (error) {
      // Many services renew nothing, and have their own ways to say so.
      const status = error instanceof BackendError ? (error.status ?? 0) : 0;
      if (status >= 200 && status < 500 && status !== 429) throw signedOut();
      throw error;
    }
  };
}
