/** Who is signed in at a site's identity service, and the tokens (JWT) that prove it. */

import { BackendError } from '../errors.js';

export interface Token {
  text: string;
  /** For how many milliseconds nobody need ask for another. */
  lives: number;
}

/** A session at an identity service. */
export interface Identity {
  isSignedIn(): boolean;
  /** A token other than the one that was refused; rejects with Unauthenticated for nobody's. */
  token(refused?: string): Promise<Token>;
  signOut(): Promise<void>;
}

export interface Person {
  login: string;
  name: string;
  email: string;
  avatar_url?: string;
  roles: string[];
}

export interface Claims {
  sub?: string;
  exp?: number;
  email?: string;
  app_metadata?: { roles?: unknown };
  user_metadata?: { full_name?: string; avatar_url?: string };
}

/** Whom a token is about, in GoTrue's claims. */
export function personOf(token: string): Person {
  const { email = '', app_metadata, user_metadata } = claimsOf(token);
  const { full_name, avatar_url } = user_metadata ?? {};
  const roles = Array.isArray(app_metadata?.roles) ? app_metadata.roles.map(String) : [];
  return {
    login: email,
    name: full_name || email.replace(/@.*/, ''),
    email,
    ...(avatar_url && { avatar_url }),
    roles,
  };
}

/** What a token says, unchecked: that is the gateway's task. */
export function claimsOf(token: string): Claims {
  try {
    const [, payload = ''] = token.split('.');
    const binary = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (c) => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new BackendError(
      'Unknown',
      'The identity service answered with something that is no token. Ask whoever runs it.',
    );
  }
}

export const signedOut = (): BackendError =>
  new BackendError('Unauthenticated', 'Your session has ended. Sign in again.');
