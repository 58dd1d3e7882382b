/** Who is signed in at a host: what is kept of it, and where the next token comes from. */

import { signedOut, type Token } from '../gateway/identity.js';
import { NONE, type Session } from '../session.js';
import type { BackendConfig, Credentials, User } from '../types.js';
import type { Grant } from './grant.js';
import { Keeper, type Mode, type Stored } from './keeper.js';
import { Renewal, renewAtHost, renewAtService } from './renewal.js';
import { type Host, type OAuthSettings, oauthOf } from './settings.js';

const HOSTS: readonly string[] = ['github', 'gitlab', 'gitea', 'bitbucket'] satisfies Host[];

/** Whether people have accounts at the host of a backend, and not at something before it. */
export const isHost = (name: string): name is Host => HOSTS.includes(name);

interface Entered {
  stored: Stored;
  grant(): Grant | undefined;
  renewal: Renewal;
}

export class HostSession implements Session {
  readonly #host: Host;
  readonly #config: BackendConfig;
  readonly #keeper: Keeper;
  readonly #fetch: typeof fetch;
  #entered: Entered | undefined;

  constructor(host: Host, config: BackendConfig, mode: Mode, fetch: typeof globalThis.fetch) {
    this.#host = host;
    this.#config = config;
    this.#keeper = new Keeper(mode, host);
    this.#fetch = fetch;
  }

  /** Takes a grant that is fresh, or the one behind what the CMS stored. */
  enter(credentials: Credentials | User | undefined): string {
    const { token, refresh_token, expires, lifetime, handle } = (credentials ?? {}) as Stored;
    const stored = { token, refresh_token, expires, lifetime, handle } as Stored;
    const known = this.#keeper.take(stored);
    if (!known && !token) throw signedOut();
    const grant = known ?? (plain(stored) as Grant);
    if (this.#entered?.grant()?.token !== grant.token)
      // Without a handle it is new here: from the sign-in page, or of a built-in backend.
      this.#entered = this.#open(known && handle ? stored : this.#keeper.keep(grant));
    return grant.token;
  }

  get stored(): Stored {
    const grant = this.#entered?.grant();
    return grant ? this.#keeper.stored(this.#entered?.stored.handle, grant) : {};
  }

  get token(): string | undefined {
    return this.#entered?.grant()?.token;
  }

  async renew(refused?: string): Promise<Token> {
    if (!this.#entered?.grant()?.refresh_token) return NONE;
    return this.#entered.renewal.token(refused);
  }

  left(): Stored | undefined {
    return this.#keeper.left();
  }

  leave(): void {
    if (this.#entered) this.#keeper.forget(this.#entered.stored);
    this.#entered = undefined;
  }

  #open(stored: Stored): Entered {
    const safe = this.#keeper.safe(stored);
    const name = `${this.#host} ${stored.handle ?? ''}`;
    const renew = (refreshToken: string) => this.#renewer(this.#settings())(refreshToken);
    return { stored, grant: () => safe.read(), renewal: new Renewal({ name, safe, renew }) };
  }

  #settings(): OAuthSettings {
    return oauthOf(this.#host, this.#config, location);
  }

  #renewer(settings: OAuthSettings) {
    const isService = settings.ways[0] === 'popup';
    return (isService ? renewAtService : renewAtHost)(settings, this.#fetch);
  }
}

/** Without what is not there. */
function plain(stored: Stored): Stored {
  return Object.fromEntries(Object.entries(stored).filter(([, value]) => value !== undefined));
}
