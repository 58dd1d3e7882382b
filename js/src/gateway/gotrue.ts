/**
 * A session at GoTrue, the identity service of Git Gateway. Tokens live for an hour; what renews
 * them is good once, so of all that ask, in all tabs, one renews.
 *
 * The API: https://github.com/netlify/gotrue#endpoints
 */

import { BackendError } from '../errors.js';
import type { Mode } from '../oauth/keeper.js';
import { ask, reasonOf, type Service } from './answers.js';
import { type Identity, signedOut, type Token } from './identity.js';
import { type Session, SessionStore } from './session.js';

/** The longest time before its end that a token is renewed. */
const MARGIN = 60_000;

/** A link that was used before, has expired, or was never sent. */
export class SpentLink extends BackendError {
  constructor() {
    super('Unauthenticated', 'This link was used before or has expired. Ask for another one.');
  }
}

export class GoTrue implements Identity {
  readonly url: string;
  readonly #service: Service;
  readonly #store: SessionStore;
  #renewal: Promise<Token> | undefined;

  /** @param url absolute, without a slash at its end */
  constructor(url: string, mode: Mode, fetch: typeof globalThis.fetch) {
    this.url = url;
    this.#service = {
      name: 'identity service',
      url,
      fetch,
      advice: 'Enable Identity in the settings of the site, or set backend.identity_url.',
    };
    this.#store = new SessionStore(url, mode);
  }

  isSignedIn(): boolean {
    return this.#store.read() !== undefined;
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.#grant({ grant_type: 'password', username: email, password });
  }

  /**
   * Signs in whom a link was sent to: to confirm an address (`signup`, with the first password of
   * somebody who was invited) or in place of a password (`recovery`). Rejects with SpentLink for a link
   * that is good no more.
   */
  async verify(type: 'signup' | 'recovery', token: string, password?: string): Promise<void> {
    const fields = { type, token, ...(password !== undefined && { password }) };
    const { status, body } = await ask(this.#service, '/verify', json('POST', fields));
    if (status !== 200) throw linkRefusal(status, reasonOf(body));
    this.#keep(body);
  }

  /** Has a link sent to whoever has the address. Nobody learns whether somebody has. */
  async recover(email: string): Promise<void> {
    const answer = ask(this.#service, '/recover', json('POST', { email })).catch((error) => {
      // So it answers where a link was sent just before: only to somebody.
      if (error.kind === 'RateLimited') return { status: 200, body: {} };
      throw error;
    });
    const { status, body } = await answer;
    if (status !== 200 && status !== 404) throw refusal(status, reasonOf(body));
  }

  /** Of whoever is signed in. */
  async setPassword(password: string): Promise<void> {
    const { status, body } = await this.#change({ password });
    if (status !== 200) throw passwordRefusal(status, reasonOf(body));
  }

  /** Whoever is signed in has the address from now on that the link was sent to. */
  async changeEmail(email_change_token: string): Promise<void> {
    const held = await this.token();
    const { status, body } = await this.#change({ email_change_token });
    if (status !== 200)
      throw status === 401 ? new SpentLink() : linkRefusal(status, reasonOf(body));
    // The next token has the new address; another time, where there is none to be had now.
    await this.token(held.text).catch(() => undefined);
  }

  async token(refused = ''): Promise<Token> {
    const held = this.#store.read();
    if (!held) throw signedOut();
    if (isGood(held, refused)) return tokenOf(held);
    this.#renewal ??= this.#renewAlone(refused).finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async signOut(): Promise<void> {
    const held = this.#store.read();
    this.#store.clear();
    if (!held) return;
    const headers = { Authorization: `Bearer ${held.access_token}` };
    // Here nobody is signed in any more, whether the service hears of it or not.
    await ask(this.#service, '/logout', { method: 'POST', headers }).catch(() => undefined);
  }

  /** Locks are to be had on secure pages only; elsewhere tabs look after each other. */
  async #renewAlone(refused: string): Promise<Token> {
    const locks = globalThis.navigator?.locks;
    if (!locks) return this.#renew(refused);
    return await locks.request(`mooring ${this.url}`, () => this.#renew(refused));
  }

  async #renew(refused: string): Promise<Token> {
    const held = this.#store.read();
    if (!held) throw signedOut();
    if (isGood(held, refused)) return tokenOf(held); // Another tab was faster.
    const { refresh_token } = held;
    try {
      return tokenOf(await this.#grant({ grant_type: 'refresh_token', refresh_token }));
    } catch (error) {
      if (!(error instanceof BackendError) || error.kind !== 'Unauthenticated') {
        if (held.access_token !== refused && held.ends > Date.now()) return tokenOf(held);
        throw error;
      }
      const now = this.#store.read();
      if (now && now.refresh_token !== refresh_token) return tokenOf(now);
      this.#store.clear();
      throw signedOut();
    }
  }

  async #grant(fields: Record<string, string>): Promise<Session> {
    const body = new URLSearchParams(fields);
    const answer = await ask(this.#service, '/token', { method: 'POST', body });
    if (answer.status !== 200) throw refusal(answer.status, reasonOf(answer.body));
    return this.#keep(answer.body);
  }

  async #change(fields: Record<string, string>) {
    const { text } = await this.token();
    return ask(this.#service, '/user', json('PUT', fields, { Authorization: `Bearer ${text}` }));
  }

  #keep({ access_token, refresh_token, expires_in }: Record<string, unknown>): Session {
    const lifetime = (Number(expires_in) || 0) * 1000;
    const session = {
      access_token: String(access_token),
      refresh_token: String(refresh_token),
      lifetime,
      ends: Date.now() + lifetime,
    };
    this.#store.write(session);
    return session;
  }
}

const isGood = (session: Session, refused: string) =>
  session.access_token !== refused && livesOf(session) > 0;

const tokenOf = (session: Session): Token => ({
  text: session.access_token,
  lives: Math.max(0, livesOf(session)),
});

const livesOf = ({ ends, lifetime }: Session) => ends - Math.min(MARGIN, lifetime / 4) - Date.now();

const json = (
  method: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): RequestInit => ({
  method,
  headers: { ...headers, 'Content-Type': 'application/json' },
  body: JSON.stringify(fields),
});

function linkRefusal(status: number, reason: string): BackendError {
  if (status === 404 || status === 410 || /expired/i.test(reason)) return new SpentLink();
  return passwordRefusal(status, reason);
}

function passwordRefusal(status: number, reason: string): BackendError {
  if (status === 401) return signedOut();
  if (!/password/i.test(reason)) return refusal(status, reason);
  return new BackendError(
    'Invalid',
    `The identity service does not take this password: “${reason}”. Choose another one.`,
    { status },
  );
}

/** The service says which of the two is wrong; a stranger need not know. */
function refusal(status: number, reason: string): BackendError {
  const sentence = /no user found|invalid password/i.test(reason)
    ? 'The e-mail address or the password is wrong.'
    : /not confirmed/i.test(reason)
      ? 'This e-mail address is not confirmed yet. Follow the link in the message that was sent to it.'
      : `The identity service did not sign you in (${status}${reason && `: ${reason}`}).`;
  return new BackendError('Unauthenticated', sentence, { status });
}
