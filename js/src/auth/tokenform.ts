/** The form that takes a token. */

import type { Attempt } from './attempt.js';
import { busy, button, element, labelled } from './elements.js';
import type { Form } from './formpage.js';
import { fill, type Texts } from './texts.js';
import type { TokenHost } from './tokenhosts.js';

export interface TokenFormOptions extends Form {
  host: TokenHost;
  /** Where one gets a token; '' for nowhere. */
  tokenPage: string;
  texts: Texts;
}

/** `look` is that of its button. */
export function tokenForm(
  { host, tokenPage, texts, say }: TokenFormOptions,
  attempt: Attempt,
  look: 'contained' | 'outlined',
): HTMLFormElement {
  const input = tokenInput();
  const email = emailInput();
  const login = button(texts.login, look, 'submit');
  const form = element('form', 'mooring-login');
  if (host.withEmail) form.append(labelled(texts.tokenEmail, email));
  form.append(labelled(fill(texts.token, { host: host.label }), input), login);
  if (tokenPage !== '') form.append(tokenLink(tokenPage, texts));
  const working = busy(login, texts.loggingIn, [input, email]);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const token = input.value.trim();
    if (token === '') {
      say(fill(texts.needsToken, { host: host.label }));
      input.focus();
      return;
    }
    const credentials = { token: withEmail(email.value.trim(), token) };
    if (await attempt(async () => credentials, working)) input.value = '';
  });
  return form;
}

/** As a driver takes the two together; no token that goes alone has a colon. */
const withEmail = (email: string, token: string) => (email ? `${email}:${token}` : token);

/** Hidden like a password, but none that a browser should offer to keep. */
function tokenInput(): HTMLInputElement {
  const input = element('input', 'CMS_TextField_input CMS_TextField_contained');
  input.type = 'password';
  input.name = 'token';
  input.autocomplete = 'off';
  input.spellcheck = false;
  return input;
}

function emailInput(): HTMLInputElement {
  const input = element('input', 'CMS_TextField_input CMS_TextField_contained');
  input.type = 'email';
  input.name = 'email';
  input.autocomplete = 'email';
  return input;
}

function tokenLink(href: string, texts: Texts): HTMLElement {
  const link = element('a', 'mooring-login-link');
  link.href = href;
  link.target = '_blank';
  link.rel = 'noopener noreferrer';
  link.textContent = fill(texts.getToken, { place: new URL(href).host });
  return link;
}
