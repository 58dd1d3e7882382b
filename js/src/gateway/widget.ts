/** Netlify's Identity widget, where a page has it: it keeps the session, and has its own forms. */

import { BackendError } from '../errors.js';
import { claimsOf, type Identity, signedOut, type Token } from './identity.js';

/** What is used of https://github.com/netlify/netlify-identity-widget. */
export interface Widget {
  on(event: 'login' | 'error', heard: (about?: unknown) => void): void;
  init(): void;
  open(): void;
  close(): void;
  logout(): void;
  currentUser(): { jwt(renew?: boolean): Promise<string> } | null | undefined;
}

/** Undefined on a page without it. */
export function netlifyWidget(): Widget | undefined {
  const widget = Reflect.get(globalThis, 'netlifyIdentity');
  return typeof widget?.currentUser === 'function' ? widget : undefined;
}

/** Whether a page has it, or will have it once its script has come. */
export const expectsWidget = (): boolean =>
  netlifyWidget() !== undefined ||
  document.querySelector('script[src*="netlify-identity-widget"]') !== null;

/** Its frame, by which one sees that it was started. */
const FRAME = 'netlify-identity-widget';

/**
 * Waits until the widget may be asked who is signed in. It starts by itself once the page is
 * there, but for pages that import it as a module.
 */
export async function started(widget: Widget): Promise<void> {
  if (document.readyState === 'loading')
    await new Promise((done) =>
      document.addEventListener('DOMContentLoaded', done, { once: true }),
    );
  if (!document.getElementById(FRAME)) widget.init();
}

/** A token is asked for again when it lives for less than this. */
const MARGIN = 60_000;

export class WidgetIdentity implements Identity {
  readonly #widget: Widget;

  constructor(widget: Widget) {
    this.#widget = widget;
  }

  isSignedIn(): boolean {
    return Boolean(this.#widget.currentUser());
  }

  async token(refused?: string): Promise<Token> {
    const user = this.#widget.currentUser();
    if (!user) throw signedOut();
    try {
      const held = await user.jwt();
      const text = held === refused ? await user.jwt(true) : held;
      const ends = (claimsOf(text).exp ?? 0) * 1000;
      return { text, lives: Math.max(0, ends - MARGIN - Date.now()) };
    } catch (error) {
      if (error instanceof BackendError) throw error;
      // The widget has forgotten the session by now, whatever the reason was.
      throw new BackendError(
        'Unauthenticated',
        `Netlify Identity could not renew your session (${String((error as Error)?.message ?? error)}). Sign in again.`,
      );
    }
  }

  async signOut(): Promise<void> {
    this.#widget.logout();
  }
}
