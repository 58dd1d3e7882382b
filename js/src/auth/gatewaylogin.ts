/** The sign-in page of Git Gateway. */

import type { Backend } from '../backend.js';
import type { Core } from '../core.js';
import type { Gateway } from '../gateway/gateway.js';
import { netlifyWidget } from '../gateway/widget.js';
import { formPage, type PageForm } from './formpage.js';
import { drawPasswordForm, drawWidgetButton, type GatewayFormOptions } from './gatewayform.js';
import type { Texts } from './texts.js';

/**
 * Static CMS restores no session of a backend of this name, but shows its sign-in page: so that
 * is where a session is taken up again.
 */
export function gatewayLogin(backend: Backend, gateway: Gateway, texts: Texts, core: () => Core) {
  return formPage(core, (place, page) => {
    const widget = netlifyWidget();
    const options = { texts, ...formOptions(backend, gateway, page) };
    if (widget) drawWidgetButton(place, widget, options);
    else drawPasswordForm(place, options);
  });
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
