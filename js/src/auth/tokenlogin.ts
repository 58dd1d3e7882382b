/** The sign-in page of hosts that want a token. */

import type { Backend } from '../backend.js';
import type { Core } from '../core.js';
import type { CmsReact, LoginProps } from './login.js';
import { drawTokenForm } from './tokenform.js';

/**
 * The page for the host that people know as `label`; `tokenPage` is where it gives out
 * tokens, '' for nowhere.
 *
 * A component that React only gives its place: the form in it is drawn once, with or
 * without React's hooks. Where the CMS's own sign-in page can be had it stands in that.
 */
export function tokenLogin(backend: Backend, label: string, tokenPage: string, core: () => Core) {
  const drawn = new WeakSet<Element>();
  let latest: LoginProps;
  const draw = (place: HTMLElement | null, say: (error: string) => void) => {
    if (!place || drawn.has(place)) return;
    drawn.add(place);
    drawTokenForm(place, {
      label,
      tokenPage,
      say,
      // The CMS never lets go of a failure, so it hears only of what succeeded.
      signIn: async (credentials) => {
        await backend.authenticate(credentials);
        latest.onLogin(credentials);
      },
    });
    backend.ready().catch((error: Error) => say(error.message));
  };
  return function MooringTokenLogin(props: LoginProps): unknown {
    latest = props;
    const { h, useState } = globalThis as unknown as CmsReact;
    const native = core().loginPage;
    if (!native || !useState) return plainPage(h, props, draw);
    const [error, setError] = useState('');
    const { type } = native({ ...props, onLogin: () => undefined });
    return h(type, {
      error: error || props.error,
      buttonContent: h('div', {
        ref: (place: HTMLElement | null) => draw(place, setError),
      }),
    });
  };
}

type Draw = (place: HTMLElement | null, say: (error: string) => void) => void;

/** A page of our own, with a line for errors. */
function plainPage(h: CmsReact['h'], { error }: LoginProps, draw: Draw): unknown {
  const ref = (page: HTMLElement | null) => {
    if (!page || page.firstChild) return;
    const alert = document.createElement('p');
    alert.setAttribute('role', 'alert');
    alert.className = 'mooring-login-error';
    alert.textContent = error ?? '';
    const place = document.createElement('div');
    page.append(alert, place);
    draw(place, (message) => {
      alert.textContent = message;
    });
  };
  return h('section', { ref, className: 'mooring-login-page' });
}
