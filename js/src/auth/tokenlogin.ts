/** The sign-in page of hosts that want a token. */

import type { Backend } from '../backend.js';
import type { Core } from '../core.js';
import { formPage } from './formpage.js';
import { drawTokenForm } from './tokenform.js';
import type { TokenHost } from './tokenhosts.js';

/** `tokenPage` is where the host gives out tokens, '' for nowhere. */
export function tokenLogin(backend: Backend, host: TokenHost, tokenPage: string, core: () => Core) {
  return formPage(core, (place, { say, onLogin }) => {
    drawTokenForm(place, {
      host,
      tokenPage,
      say,
      signIn: async (credentials) => {
        await backend.authenticate(credentials);
        onLogin(credentials);
      },
    });
    backend.ready().catch((error: Error) => say(error.message));
  });
}
