/** The frame of a sign-in page whose form we draw ourselves. */

import type { Core } from '../core.js';
import type { CmsReact, LoginProps } from './login.js';

/** What a form can do on its page. */
export interface Form {
  /** Shows an error; '' takes it away. */
  say(error: string): void;
}

export interface PageForm extends Form {
  /** Tells the CMS: only of what succeeded, since it never lets go of a failure. */
  onLogin(credentials: object): void;
}

/**
 * A component that React only gives its place: the form in it is drawn once, with or
 * without React's hooks. Where the CMS's own sign-in page can be had it stands in that.
 */
export function formPage(core: () => Core, drawForm: (place: HTMLElement, form: PageForm) => void) {
  const drawn = new WeakSet<Element>();
  let latest: LoginProps;
  const draw: Draw = (place, say) => {
    if (!place || drawn.has(place)) return;
    drawn.add(place);
    drawForm(place, { say, onLogin: (credentials) => latest.onLogin(credentials) });
  };
  return function MooringLogin(props: LoginProps): unknown {
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
