/** The sign-in page of Git Gateway. */

import type { Backend } from '../backend.js';
import type { Core } from '../core.js';
import type { Gateway } from '../gateway/gateway.js';
import { takeLink } from '../gateway/links.js';
import { expectsWidget, netlifyWidget } from '../gateway/widget.js';
import { AccountForms } from './accountforms.js';
import { formPage, type PageForm } from './formpage.js';
import { drawWidgetButton, type GatewayFormOptions } from './gatewayform.js';
import { addLoginStyle } from './style.js';
import type { Texts } from './texts.js';

/**
 * Static CMS restores no session of a backend of this name, but shows its sign-in page: so that
 * is where a session is taken up again, and where a link of a mail leads to. Call it before the CMS
 * reads the page's address.
 */
export function gatewayLogin(backend: Backend, gateway: Gateway, texts: Texts, core: () => Core) {
  let link = expectsWidget() ? undefined : takeLink(window);
  return formPage(core, (place, page) => {
    const widget = netlifyWidget();
    const options = { texts, ...formOptions(backend, gateway, page) };
    if (widget) return drawWidgetButton(place, widget, options);
    addLoginStyle();
    const followed = link ?? takeLink(window); // The widget's script may not have come.
    link = undefined; // Good once.
    if (followed) queueMicrotask(lookAgain);
    new AccountForms(place, { ...options, account: () => gateway.account() }).show(followed);
  });
}

/**
 * Static CMS makes the backend between its router's reading the address and its listening to changes:
 * without this it would look for a page of the link's name after signing in. Once the page is drawn it
 * listens.
 */
function lookAgain(): void {
  window.dispatchEvent(new PopStateEvent('popstate', { state: history.state }));
}

function formOptions(
  backend: Backend,
  gateway: Gateway,
  { say, onLogin }: PageForm,
): Omit<GatewayFormOptions, 'texts'> {
  return {
    say,
    isSignedIn: () => gateway.isSignedIn(),
    signIn: async (credentials) => {
      await backend.authenticate(credentials);
      // The CMS signs in once more, and then stores what it was given: not the password.
      onLogin({});
    },
  };
}
