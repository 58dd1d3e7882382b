/** Who keeps the token of whoever is signed in, where no gateway does. */

import type { Token } from './gateway/identity.js';
import type { Credentials, User } from './types.js';

/** A token and what belongs to it, or a handle that stands for them. */
export type Kept = Pick<User, 'token' | 'refresh_token' | 'expires' | 'lifetime' | 'handle'>;

export interface Session {
  /** The token to sign in with. Throws where what the CMS stored stands for none any more. */
  enter(credentials: Credentials | User | undefined): string | undefined;
  /** What the CMS's user object has of it, once the host has taken the token. */
  readonly stored: Kept;
  /** The token of whoever is signed in. */
  readonly token: string | undefined;
  /** Another token than the one that was refused; an empty one where nothing renews it. */
  renew(refused?: string): Promise<Token>;
  /** What there still is of a session that the CMS has forgotten. */
  left(): Kept | undefined;
  leave(): void;
}

/** What the Go program gets when the host refuses a token that nothing renews. */
export const NONE: Token = { text: '', lives: 0 };

/** A token as it was given, which nothing renews. */
export class GivenToken implements Session {
  token: string | undefined;

  enter(credentials: Credentials | User | undefined): string | undefined {
    this.token = credentials?.token;
    return this.token;
  }

  get stored(): Kept {
    return this.token === undefined ? {} : { token: this.token };
  }

  async renew(): Promise<Token> {
    return NONE;
  }

  left(): undefined {
    return undefined;
  }

  leave(): void {
    this.token = undefined;
  }
}
