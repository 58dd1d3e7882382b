/** Signing in at a service in a window of its own: Netlify's, or one that a site runs. */

import { BackendError } from '../errors.js';
import type { Grant } from './grant.js';
import { greeting, isOfService, service, understand } from './handshake.js';
import type { OAuthSettings } from './settings.js';

export interface PopupOptions {
  /** The page's own window. */
  page?: Pick<Window, 'open' | 'addEventListener' | 'screen'>;
  /**
   * Hears, as a sentence, that the window said nothing for long, or what it said came from another
   * origin and so does not count. It is waited for all the same.
   */
  onSilence?: (sentence: string) => void;
  /** In milliseconds: how long is long, how often to look whether the window is closed, … */
  silence?: number;
  poll?: number;
  /** … and how long after that a message may still come. */
  grace?: number;
}

interface Open {
  popup: Window;
  grant: Promise<Grant>;
  /** Ends it with an error. */
  stop(error: BackendError): void;
}

export class Popup {
  readonly #settings: OAuthSettings;
  readonly #options: Required<PopupOptions>;
  #open: Open | undefined;

  constructor(settings: OAuthSettings, options: PopupOptions = {}) {
    this.#settings = settings;
    this.#options = {
      page: window,
      onSilence: () => undefined,
      silence: 120_000,
      poll: 500,
      grace: 1_000,
      ...options,
    };
  }

  /**
   * Opens the window, or brings the one that is open to the front. Call it right in the handler of a
   * click: browsers open no window otherwise.
   */
  signIn(): Promise<Grant> {
    if (this.#open && !this.#open.popup.closed) {
      this.#open.popup.focus();
      return this.#open.grant;
    }
    this.cancel();
    const popup = this.#options.page.open(addressOf(this.#settings), NAME, features(this.#options));
    if (!popup || popup.closed) return Promise.reject(blocked(this.#settings));
    popup.focus();
    const open = converse(popup, this.#settings, this.#options);
    this.#open = open;
    const done = () => {
      if (this.#open === open) this.#open = undefined;
    };
    open.grant.then(done, done);
    return open.grant;
  }

  /** Closes the window; who waits for it gets an error of kind Canceled. */
  cancel(): void {
    this.#open?.stop(new BackendError('Canceled', 'The sign-in was given up.'));
    this.#open = undefined;
  }
}

/** A window of an earlier visit of the page is used again. */
const NAME = 'mooring-sign-in';

const SIZE = { width: 600, height: 720 };

function addressOf({ authorize_url, host, site_id, scope }: OAuthSettings): string {
  const url = new URL(authorize_url);
  for (const [key, value] of Object.entries({ provider: host, site_id, scope }))
    url.searchParams.set(key, value);
  return url.href;
}

function features({ page: { screen } }: Required<PopupOptions>): string {
  const { width, height } = SIZE;
  const left = Math.max(0, (screen.availWidth - width) >> 1);
  const top = Math.max(0, (screen.availHeight - height) >> 1);
  return `popup,width=${width},height=${height},left=${left},top=${top}`;
}

/** Listens to that window alone, and only to what comes from the service's origin. */
function converse(popup: Window, settings: OAuthSettings, options: Required<PopupOptions>): Open {
  const { page } = options;
  const ended = new AbortController();
  let stop: Open['stop'] = () => undefined;
  const grant = new Promise<Grant>((resolve, reject) => {
    stop = (error) => {
      ended.abort();
      popup.close();
      reject(error);
    };
    const silence = watchSilence(settings, options, ended.signal);
    watchClosing(popup, options, ended.signal, () => stop(closed()));
    const heard = (event: MessageEvent) => {
      if (!isFrom(popup, event)) return;
      if (event.origin !== settings.origin) {
        if (isOfService(event.data)) silence.instead(misplaced(settings, event.origin));
        return;
      }
      try {
        const said = understand(event.data, settings);
        if (said === undefined) return;
        silence.over();
        if (said === 'greeting') return popup.postMessage(greeting(settings), settings.origin);
        ended.abort();
        popup.close();
        resolve(said);
      } catch (error) {
        stop(error as BackendError);
      }
    };
    page.addEventListener('message', heard, { signal: ended.signal });
  });
  return { popup, grant, stop };
}

/** A window that closed right after its last message is no message's source any more. */
const isFrom = (popup: Window, { source }: MessageEvent) =>
  source === popup || (source === null && popup.closed);

/**
 * A closed window may have a last message under way. One that a server keeps apart from this page
 * (Cross-Origin-Opener-Policy) looks as if it were closed, and can't say anything any more.
 */
function watchClosing(
  popup: Window,
  { poll, grace }: Required<PopupOptions>,
  ended: AbortSignal,
  onClosed: () => void,
): void {
  const look = setInterval(() => {
    if (!popup.closed) return;
    clearInterval(look);
    const late = setTimeout(onClosed, grace);
    ended.addEventListener('abort', () => clearTimeout(late));
  }, poll);
  ended.addEventListener('abort', () => clearInterval(look));
}

/** Says that nothing is heard, or a reason `instead`, once; until that was `over` for a while. */
function watchSilence(
  settings: OAuthSettings,
  { silence, onSilence }: Required<PopupOptions>,
  ended: AbortSignal,
): { over(): void; instead(reason: string): void } {
  let said = false;
  let timer = 0;
  const instead = (sentence: string) => {
    clearTimeout(timer);
    if (!said) onSilence(sentence);
    said = true;
  };
  const over = () => {
    clearTimeout(timer);
    said = false;
    timer = window.setTimeout(() => instead(silent(settings)), silence);
  };
  over();
  ended.addEventListener('abort', () => clearTimeout(timer));
  return { over, instead };
}

const silent = (settings: OAuthSettings) =>
  `${service(settings)} has not answered yet. Finish signing in in its window; if it shows an error or nothing at all, close it, and check backend.base_url and backend.auth_endpoint.`;

const misplaced = ({ base_url }: OAuthSettings, origin: string) =>
  `The window for signing in went to ${origin}, which is not trusted: backend.base_url is ${base_url}. Close the window. If ${origin} is the site’s sign-in service, whoever administers the site must set backend.base_url to it.`;

const blocked = ({ label }: OAuthSettings) =>
  new BackendError(
    'Unsupported',
    `Your browser did not open the window for signing in to ${label}. Allow pop-ups for this page, and try again.`,
  );

const closed = () =>
  new BackendError(
    'Unauthenticated',
    'The window for signing in was closed before you were signed in. Try again. If it is still open, its server keeps it apart from this page (Cross-Origin-Opener-Policy): close it, and ask whoever runs the server.',
  );
