/** Where a person's grant lives while they are signed in. */

import type { Grant } from './grant.js';

/**
 * `local`: in what the CMS keeps in localStorage, so people stay signed in. `tab`: in sessionStorage,
 * until the tab is closed. `memory`: nowhere else, until the page is left.
 */
export type Mode = 'local' | 'tab' | 'memory';

/** What the CMS's user object has of it: with `tab` and `memory` a handle, worth nothing elsewhere. */
export interface Stored {
  token?: string;
  refresh_token?: string;
  expires?: number;
  lifetime?: number;
  /** One sign-in, in all of the tabs that it was taken up in. */
  handle?: string;
}

/** One sign-in's grant, which may change under us: another tab can have renewed it. */
export interface Safe {
  read(): Grant | undefined;
  write(grant: Grant): void;
  clear(): void;
}

/** The keys of Static CMS and Decap CMS for the user who is signed in. */
const CMS_KEYS = ['static-cms-user', 'decap-cms-user'];

const PREFIX = 'mooring-session:';

/** The handle of a sign-in that was not kept yet: what a CMS has is another one's. */
const NOBODY = '';

/** Grants of this page, by handle. */
const memory = new Map<string, Grant>();

export class Keeper {
  readonly mode: Mode;
  readonly #name: string;

  /** @param name of the backend: a session of one is none of another */
  constructor(mode: Mode, name: string) {
    this.mode = mode;
    this.#name = name;
  }

  /** Keeps a new grant, and gives what goes into the CMS's user object. */
  keep(grant: Grant): Stored {
    const handle = crypto.getRandomValues(new Uint32Array(4)).join('-');
    this.#write(handle, grant);
    return this.stored(handle, grant);
  }

  /** What the CMS's user object has of it now. */
  stored(handle: string | undefined, grant: Grant): Stored {
    if (this.mode !== 'local') return { ...(handle && { handle }) };
    const { scope: _, ...stored } = grant;
    return { ...stored, ...(handle && { handle }) };
  }

  /** The grant behind what the CMS stored; undefined where it is gone. */
  take(stored: Stored): Grant | undefined {
    if (this.mode === 'local') return grantIn(stored);
    const { handle = '' } = stored;
    return memory.get(handle) ?? (this.mode === 'tab' ? this.#inTab(handle) : undefined);
  }

  /** What this tab still has where the CMS lost the handle to another tab's sign-in or sign-out. */
  left(): Stored | undefined {
    if (this.mode !== 'tab') return undefined;
    const handle = attempt(() =>
      Object.keys(sessionStorage).find((key) => key.startsWith(this.#key('')) && read(key)),
    )?.slice(this.#key('').length);
    return handle === undefined ? undefined : { handle };
  }

  forget({ handle = '' }: Stored): void {
    memory.delete(handle);
    attempt(() => sessionStorage.removeItem(this.#key(handle)));
  }

  /** For whoever renews the grant. */
  safe(stored: Stored): Safe {
    const { handle = '' } = stored;
    if (this.mode === 'local') return new LocalSafe(stored);
    return {
      read: () => this.take(stored),
      write: (grant) => this.#write(handle, grant),
      clear: () => this.forget(stored),
    };
  }

  #key(handle: string): string {
    return `${PREFIX}${this.#name}:${handle}`;
  }

  #inTab(handle: string): Grant | undefined {
    return attempt(() => grantIn(JSON.parse(sessionStorage.getItem(this.#key(handle)) ?? '{}')));
  }

  /** A tab has one session of a backend: the last one's goes. */
  #write(handle: string, grant: Grant): void {
    if (this.mode === 'local') return;
    memory.set(handle, grant);
    if (this.mode !== 'tab') return;
    const own = this.#key(handle);
    attempt(() => {
      for (const key of Object.keys(sessionStorage))
        if (key.startsWith(this.#key('')) && key !== own) sessionStorage.removeItem(key);
      sessionStorage.setItem(own, JSON.stringify(grant));
    });
  }
}

/** The CMS's own entry in localStorage, as far as it is of this sign-in. */
class LocalSafe implements Safe {
  readonly #handle: string;
  #grant: Grant | undefined;
  /** Tokens that were renewed: the CMS may store one of them again, but it is an old one. */
  readonly #spent = new Set<string>();

  constructor(stored: Stored) {
    this.#handle = stored.handle ?? NOBODY;
    this.#grant = grantIn(stored);
  }

  /** Another tab's, where that one renewed it. */
  read(): Grant | undefined {
    const grant = grantIn(this.#entry()?.user ?? {});
    if (grant && !this.#spent.has(grant.token)) this.#grant = grant;
    return this.#grant;
  }

  write(grant: Grant): void {
    if (this.#grant) this.#spent.add(this.#grant.token);
    this.#grant = grant;
    this.#change(grant);
  }

  /** The CMS's entry stays, without what is of no use any more: it signs out itself. */
  clear(): void {
    this.#grant = undefined;
    this.#change(undefined);
  }

  #change(grant: Grant | undefined): void {
    const entry = this.#entry();
    if (!entry) return;
    const { token: _, refresh_token, expires, lifetime, ...user } = entry.user;
    const { scope, ...kept } = grant ?? {};
    attempt(() => localStorage.setItem(entry.key, JSON.stringify({ ...user, ...kept })));
  }

  /** Undefined where somebody else signed in, or nobody is. */
  #entry(): { key: string; user: Stored } | undefined {
    for (const key of CMS_KEYS) {
      const user = attempt(() => JSON.parse(localStorage.getItem(key) ?? 'null') as Stored | null);
      if (user && user.handle === this.#handle) return { key, user };
    }
    return undefined;
  }
}

function grantIn({ token, refresh_token, expires, lifetime }: Stored): Grant | undefined {
  if (typeof token !== 'string' || token === '') return undefined;
  return {
    token,
    ...(typeof refresh_token === 'string' && refresh_token && { refresh_token }),
    ...(typeof expires === 'number' && { expires }),
    ...(typeof lifetime === 'number' && { lifetime }),
  };
}

const read = (key: string) => attempt(() => sessionStorage.getItem(key));

/** Storage can be full, or kept from the page: what isn't kept is asked for again. */
function attempt<V>(use: () => V): V | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
