/** The form that takes a token, and the question whether to fork. */

import { BackendError } from '../errors.js';
import type { Credentials } from '../types.js';
import { busy, button, element, labelled } from './elements.js';
import type { Form } from './formpage.js';
import { addLoginStyle } from './style.js';
import type { TokenHost } from './tokenhosts.js';

export interface TokenFormOptions extends Form {
  host: TokenHost;
  /** Where one gets a token; '' for nowhere. */
  tokenPage: string;
  /** Rejects with what is wrong with the credentials. */
  signIn(credentials: Credentials): Promise<void>;
}

const DECLINED =
  "Nobody is signed in: without a fork this account can't suggest changes. " +
  'Sign in with another one, or ask the owner of the repository for write access.';

export function drawTokenForm(place: HTMLElement, options: TokenFormOptions): void {
  addLoginStyle();
  const { host, tokenPage, signIn, say } = options;
  const input = tokenInput();
  const email = emailInput();
  const login = button('Login', 'contained', 'submit');
  login.dataset.testid = 'login-button';
  const form = element('form', 'mooring-login');
  if (host.emailLabel) form.append(labelled(host.emailLabel, email));
  form.append(labelled(`${host.label} access token`, input), login);
  if (tokenPage !== '') form.append(tokenLink(tokenPage));

  const enter = () => {
    place.replaceChildren(form);
    input.focus();
  };
  const attempt = async (credentials: Credentials, working: (on: boolean) => void) => {
    say('');
    working(true);
    try {
      await signIn(credentials);
      input.value = '';
    } catch (error) {
      if (error instanceof BackendError && error.kind === 'ForkNeeded')
        ask(error.message, credentials);
      else say(error instanceof Error ? error.message : String(error));
    } finally {
      working(false);
    }
  };
  const ask = (question: string, credentials: Credentials) => {
    const fork = button('Fork the repository', 'contained');
    const leave = button("Don't fork", 'outlined');
    const working = busy(fork, 'Forking…', [leave]);
    fork.addEventListener('click', () => attempt({ ...credentials, fork: true }, working));
    leave.addEventListener('click', () => {
      enter();
      say(DECLINED);
    });
    const text = element('p', 'mooring-login-question');
    text.textContent = question;
    text.setAttribute('role', 'alert');
    const box = element('div', 'mooring-login');
    box.append(text, fork, leave);
    place.replaceChildren(box);
    fork.focus();
  };
  const working = busy(login, 'Logging in…', [input, email]);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const token = input.value.trim();
    if (token === '') {
      say(`Paste an access token of your ${host.label} account first.`);
      input.focus();
    } else void attempt({ token: withEmail(email.value.trim(), token) }, working);
  });
  place.replaceChildren(form);
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

function tokenLink(href: string): HTMLElement {
  const link = element('a', 'mooring-login-link');
  link.href = href;
  link.target = '_blank';
  link.rel = 'noopener noreferrer';
  link.textContent = `Get a token from ${new URL(href).host}`;
  return link;
}
