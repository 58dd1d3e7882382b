/** The form that takes a token, and the question whether to fork. */

import { BackendError } from '../errors.js';
import type { Credentials } from '../types.js';
import { addLoginStyle } from './style.js';

export interface TokenFormOptions {
  /** The host's name, for people. */
  label: string;
  /** Where one gets a token; '' for nowhere. */
  tokenPage: string;
  /** Rejects with what is wrong with the credentials. */
  signIn(credentials: Credentials): Promise<void>;
  /** Shows an error; '' takes it away. */
  say(error: string): void;
}

const DECLINED =
  "Nobody is signed in: without a fork this account can't suggest changes. " +
  'Sign in with another one, or ask the owner of the repository for write access.';

export function drawTokenForm(place: HTMLElement, options: TokenFormOptions): void {
  addLoginStyle();
  const { label, tokenPage, signIn, say } = options;
  const input = tokenInput();
  const login = button('Login', 'contained', 'submit');
  login.dataset.testid = 'login-button';
  const form = element('form', 'mooring-login');
  form.append(labelled(`${label} access token`, input), login);
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
  const working = busy(login, 'Logging in…', [input]);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const token = input.value.trim();
    if (token === '') {
      say(`Paste an access token of your ${label} account first.`);
      input.focus();
    } else void attempt({ token }, working);
  });
  place.replaceChildren(form);
}

/** Makes the function that shows that work is under way, and lets nobody start it twice. */
function busy(
  starter: HTMLButtonElement,
  text: string,
  others: (HTMLButtonElement | HTMLInputElement)[],
): (on: boolean) => void {
  const idle = starter.textContent;
  return (on) => {
    starter.textContent = on ? text : idle;
    for (const control of [starter, ...others]) control.disabled = on;
    starter.parentElement?.setAttribute('aria-busy', String(on));
  };
}

/** Hidden like a password, but none that a browser should offer to keep. */
function tokenInput(): HTMLInputElement {
  const input = element('input', 'CMS_TextField_input CMS_TextField_contained');
  input.type = 'password';
  input.name = 'token';
  input.autocomplete = 'off';
  input.spellcheck = false;
  return input;
}

function labelled(text: string, input: HTMLInputElement): HTMLElement {
  const label = element('label', 'mooring-login-label');
  const name = element('span', '');
  name.textContent = text;
  label.append(name, input);
  return label;
}

function tokenLink(href: string): HTMLElement {
  const link = element('a', 'mooring-login-link');
  link.href = href;
  link.target = '_blank';
  link.rel = 'noopener noreferrer';
  link.textContent = `Get a token from ${new URL(href).host}`;
  return link;
}

function button(
  text: string,
  look: 'contained' | 'outlined',
  type: 'button' | 'submit' = 'button',
): HTMLButtonElement {
  const made = element('button', `CMS_Button_root CMS_Button_${look}-primary`);
  made.type = type;
  made.textContent = text;
  return made;
}

function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}
