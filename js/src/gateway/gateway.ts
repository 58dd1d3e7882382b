/** The way to a host through Git Gateway, for whoever is signed in at the identity service. */

import { BackendError } from '../errors.js';
import type { Mode } from '../oauth/keeper.js';
import type { BackendConfig, Credentials } from '../types.js';
import { type Endpoints, endpointsOf, type Provider } from './endpoints.js';
import { GoTrue } from './gotrue.js';
import { type Identity, type Person, personOf, type Token } from './identity.js';
import { readSettings } from './settings.js';
import { netlifyWidget, WidgetIdentity } from './widget.js';

/** The name that sites give the backend. */
export const GATEWAY = 'git-gateway';

const REMEMBERED = 'mooring-git-gateway';

/** What was found out at the gateway. */
export interface Entrance {
  /** The wasm module that speaks to the host behind it. */
  module: string;
  /** What Go has to know; `wasm/jsbackend` reads it. */
  config: object;
}

export class Gateway {
  readonly #config: BackendConfig;
  readonly #mode: Mode;
  readonly #fetch: typeof fetch;
  #goTrue: GoTrue | undefined;
  /** Who has entered, with which token. */
  #entered: { token: string; login: string; entrance: Entrance } | undefined;

  constructor(config: BackendConfig, mode: Mode, fetch: typeof globalThis.fetch) {
    this.#config = config;
    this.#mode = mode;
    this.#fetch = fetch;
  }

  /** The module that is probably needed, so that it can be loaded before anybody signs in. */
  get expected(): string | undefined {
    try {
      const { gateway, provider = remembered(gateway) } = endpointsOf(this.#config);
      return provider && moduleOf(provider);
    } catch {
      return undefined; // Signing in says what is wrong with the addresses.
    }
  }

  /** Netlify's widget keeps the session where a page has it. */
  #identity(): Identity {
    const widget = netlifyWidget();
    return widget ? new WidgetIdentity(widget) : this.account();
  }

  /** The identity service, asked without Netlify's widget. Throws where its address is none. */
  account(): GoTrue {
    const { identity } = endpointsOf(this.#config);
    if (this.#goTrue?.url !== identity)
      this.#goTrue = new GoTrue(identity, this.#mode, this.#fetch);
    return this.#goTrue as GoTrue;
  }

  isSignedIn(): boolean {
    try {
      return this.#identity().isSignedIn();
    } catch {
      return false; // So it is where an address is wrong.
    }
  }

  /** A token of whoever entered: all tabs have one session, and another person may be in it now. */
  async token(refused?: string): Promise<Token> {
    const token = await this.#identity().token(refused);
    const now = personOf(token.text).login;
    if (this.#entered && now !== this.#entered.login)
      throw new BackendError(
        'Unauthenticated',
        `${now} has signed in in another tab. Copy what is not saved, and reload the page.`,
      );
    return token;
  }

  /** Signs in with an e-mail address and a password, or takes up the session that there is. */
  async enter({ email, password }: Pick<Credentials, 'email' | 'password'>): Promise<Entrance> {
    if (email && password) {
      await this.account().signIn(email, password);
      this.#entered = undefined; // Tokens of one second are the same, what they open need not be.
    }
    const { text } = await this.#identity().token();
    if (this.#entered?.token !== text) this.#entered = await this.#look(text);
    return this.#entered.entrance;
  }

  async leave(): Promise<void> {
    this.#entered = undefined;
    await this.#identity().signOut();
  }

  async #look(held: string) {
    const endpoints = endpointsOf(this.#config);
    const { provider, roles } = endpoints.provider
      ? { provider: endpoints.provider, roles: [] }
      : await readSettings(endpoints.gateway, held, this.#fetch);
    const token = mayEnter(personOf(held), roles) ? held : await this.#withNewRoles(held, roles);
    const person = personOf(token);
    remember(endpoints.gateway, provider);
    return { token, login: person.login, entrance: this.#entrance(endpoints, provider, person) };
  }

  /** A role that was given since the token was made is in the next one. */
  async #withNewRoles(token: string, roles: string[]): Promise<string> {
    const { text } = await this.#identity().token(token);
    const person = personOf(text);
    if (mayEnter(person, roles)) return text;
    throw new BackendError(
      'Forbidden',
      `${person.email} may not edit this site: that takes the role ${listed(roles)}. Ask whoever administers the site for it, or sign in with another account.`,
    );
  }

  #entrance({ gateway, largeMedia }: Endpoints, provider: Provider, person: Person): Entrance {
    const { roles: _, ...identity } = person;
    const shrink = this.#config.use_large_media_transforms_in_media_library;
    return {
      module: moduleOf(provider),
      config: {
        url: gateway,
        large_media_url: largeMedia,
        shrink_images: shrink ?? true,
        identity,
      },
    };
  }
}

const moduleOf = (provider: Provider) => `${GATEWAY}-${provider}`;

const mayEnter = ({ roles }: Person, wanted: string[]) =>
  wanted.length === 0 || wanted.some((role) => roles.includes(role));

const listed = (roles: string[]) => roles.map((role) => `“${role}”`).join(' or ');

/** The host that a gateway had behind it last time. */
function remembered(gateway: string): Provider | undefined {
  try {
    const { url, provider } = JSON.parse(localStorage.getItem(REMEMBERED) ?? '{}');
    return url === gateway ? provider : undefined;
  } catch {
    return undefined;
  }
}

function remember(url: string, provider: Provider): void {
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify({ url, provider }));
  } catch {
    // Next time it is loaded later.
  }
}
