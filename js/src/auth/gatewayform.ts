/** The form for an account at the identity service, or the button of Netlify's own. */

import { started, type Widget } from '../gateway/widget.js';
import type { Credentials } from '../types.js';
import { busy, button, element, field, labelled, linkButton, note } from './elements.js';
import type { Form } from './formpage.js';
import { addLoginStyle } from './style.js';
import { fill, type Texts } from './texts.js';
import { messageOf, trying } from './trying.js';

export interface GatewayFormOptions extends Form {
  texts: Texts;
  /** Whether somebody was signed in before, and has not signed out. */
  isSignedIn(): boolean;
  /** Rejects with what is wrong. Without an e-mail address it takes up the session that there is. */
  signIn(credentials: Credentials): Promise<void>;
}

export interface PasswordFormOptions extends GatewayFormOptions {
  /** Above the fields; '' for nothing. */
  notice: string;
  /** Signs in without a question; undefined where somebody has to fill in the form. */
  begin?: (() => Promise<void>) | undefined;
  /** Shows the form for a new password, with the address that was typed in. */
  forgot(email: string): void;
  /** What an error says to people. */
  sentence(error: unknown): string;
}

/** An e-mail address and a password. */
export function drawPasswordForm(place: HTMLElement, options: PasswordFormOptions): void {
  const { texts, say, signIn, begin, notice, forgot, sentence } = options;
  const email = field('email', 'email', 'username');
  const password = field('password', 'password', 'current-password');
  const login = loginButton(texts.login, 'submit');
  const lost = linkButton(texts.forgot, () => forgot(email.value.trim()));
  const form = element('form', 'mooring-login');
  form.append(...(notice ? [note(notice)] : []));
  form.append(labelled(texts.email, email), labelled(texts.password, password), login, lost);
  const working = busy(login, texts.loggingIn, [email, password, lost]);
  const attempt = trying(options, working, (error) => say(sentence(error)));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const empty = [email, password].find((input) => input.value === '');
    empty?.focus();
    if (empty) return say(texts.needsPassword);
    await attempt(() => signIn({ email: email.value.trim(), password: password.value }));
    password.value = '';
  });
  place.replaceChildren(form);
  if (begin) void attempt(begin);
}

/** Netlify's widget asks for everything itself, in a window of its own. */
export function drawWidgetButton(
  place: HTMLElement,
  widget: Widget,
  options: GatewayFormOptions,
): void {
  addLoginStyle();
  const { texts, say, isSignedIn, signIn } = options;
  const login = loginButton(fill(texts.loginWith, { host: 'Netlify Identity' }), 'button');
  const box = element('div', 'mooring-login');
  box.append(login);
  const attempt = trying(options, busy(login, texts.loggingIn, []));
  login.addEventListener('click', () => widget.open());
  widget.on('login', async () => {
    if (!place.isConnected) return;
    await attempt(() => signIn({}));
    widget.close();
  });
  widget.on('error', (error) => {
    if (place.isConnected) say(`Netlify Identity: ${messageOf(error)}`);
  });
  place.replaceChildren(box);
  void started(widget).then(() => {
    if (isSignedIn()) void attempt(() => signIn({}));
  });
}

function loginButton(text: string, type: 'button' | 'submit'): HTMLButtonElement {
  const made = button(text, 'contained', type);
  made.dataset.testid = 'login-button';
  return made;
}
