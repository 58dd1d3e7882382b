/** The form for an account at the identity service, or the button of Netlify's own. */

import { started, type Widget } from '../gateway/widget.js';
import type { Credentials } from '../types.js';
import { busy, button, element, labelled } from './elements.js';
import type { Form } from './formpage.js';
import { addLoginStyle } from './style.js';
import { fill, type Texts } from './texts.js';

export interface GatewayFormOptions extends Form {
  texts: Texts;
  /** Whether somebody was signed in before, and has not signed out. */
  isSignedIn(): boolean;
  /** Rejects with what is wrong. Without an e-mail address it takes up the session that there is. */
  signIn(credentials: Credentials): Promise<void>;
}

type Attempt = (credentials: Credentials) => Promise<void>;

/** Makes what signs in, and shows that it does and what is wrong. */
function attemptWith({ say, signIn }: GatewayFormOptions, working: (on: boolean) => void): Attempt {
  let trying = false;
  return async (credentials) => {
    if (trying) return;
    trying = true;
    say('');
    working(true);
    try {
      await signIn(credentials);
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    } finally {
      trying = false;
      working(false);
    }
  };
}

/** An e-mail address and a password. */
export function drawPasswordForm(place: HTMLElement, options: GatewayFormOptions): void {
  addLoginStyle();
  const { texts } = options;
  const email = field('email', 'email', 'username');
  const password = field('password', 'password', 'current-password');
  const login = loginButton(texts.login, 'submit');
  const form = element('form', 'mooring-login');
  form.append(labelled(texts.email, email), labelled(texts.password, password), login);
  const attempt = attemptWith(options, busy(login, texts.loggingIn, [email, password]));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const empty = [email, password].find((input) => input.value === '');
    empty?.focus();
    if (empty) return options.say(texts.needsPassword);
    await attempt({ email: email.value.trim(), password: password.value });
    password.value = '';
  });
  place.replaceChildren(form);
  if (options.isSignedIn()) void attempt({});
}

/** Netlify's widget asks for everything itself, in a window of its own. */
export function drawWidgetButton(
  place: HTMLElement,
  widget: Widget,
  options: GatewayFormOptions,
): void {
  addLoginStyle();
  const login = loginButton(fill(options.texts.loginWith, { host: 'Netlify Identity' }), 'button');
  const box = element('div', 'mooring-login');
  box.append(login);
  const attempt = attemptWith(options, busy(login, options.texts.loggingIn, []));
  login.addEventListener('click', () => widget.open());
  widget.on('login', async () => {
    if (!place.isConnected) return;
    await attempt({});
    widget.close();
  });
  widget.on('error', (error) => {
    if (place.isConnected) options.say(`Netlify Identity: ${(error as Error)?.message ?? error}`);
  });
  place.replaceChildren(box);
  void started(widget).then(() => {
    if (options.isSignedIn()) void attempt({});
  });
}

function loginButton(text: string, type: 'button' | 'submit'): HTMLButtonElement {
  const made = button(text, 'contained', type);
  made.dataset.testid = 'login-button';
  return made;
}

function field(name: string, type: string, autocomplete: 'username' | 'current-password') {
  const input = element('input', 'CMS_TextField_input CMS_TextField_contained');
  input.name = name;
  input.type = type;
  input.autocomplete = autocomplete;
  return input;
}
