/** The sign-in page of hosts that people have an account at. */

import type { Backend } from '../backend.js';
import type { Core } from '../core.js';
import { formPage } from './formpage.js';
import { drawHostForm } from './hostform.js';
import type { Texts } from './texts.js';
import type { TokenHost } from './tokenhosts.js';

/** `tokenPage` is where the host gives out tokens, '' for nowhere. */
export function hostLogin(
  backend: Backend,
  host: TokenHost,
  tokenPage: string,
  texts: Texts,
  core: () => Core,
) {
  return formPage(core, (place, { say, onLogin }) => {
    drawHostForm(place, {
      host,
      tokenPage,
      texts,
      ways: [],
      say,
      signIn: async (credentials) => {
        await backend.authenticate(credentials);
        onLogin(credentials);
      },
    });
    backend.ready().catch((error: Error) => say(error.message));
  });
}
