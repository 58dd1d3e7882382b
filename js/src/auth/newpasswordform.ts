/** The form for a new password, of somebody who followed a link in a mail. */

import { busy, button, element, field, labelled, linkButton, note } from './elements.js';
import type { Form } from './formpage.js';
import type { Texts } from './texts.js';
import { trying } from './trying.js';

export interface NewPasswordFormOptions extends Form {
  texts: Texts;
  /** Whose password it is. */
  notice: string;
  /** Finds out whether the link is good, before anything is typed in. */
  begin?: (() => Promise<void>) | undefined;
  /** Keeps the password, and signs in with it. */
  save(password: string): Promise<void>;
  /** What went wrong; the form stays unless another one is shown. */
  failed(error: unknown): void;
  /** Shows the sign-in form. */
  back(): void;
}

/** Long enough that nobody guesses it by trying. */
const SHORTEST = 8;

export function drawNewPasswordForm(place: HTMLElement, options: NewPasswordFormOptions): void {
  const { texts, say, begin, failed } = options;
  const password = field('new-password', 'password', 'new-password');
  password.minLength = SHORTEST;
  password.required = true;
  const rule = note(texts.passwordRule);
  rule.id = 'mooring-password-rule';
  password.setAttribute('aria-describedby', rule.id);
  const save = button(texts.savePassword, 'contained', 'submit');
  const form = element('form', 'mooring-login');
  form.noValidate = true; // Errors stand where those of the sign-in page do, in its language.
  form.append(note(options.notice), labelled(texts.newPassword, password), rule);
  form.append(showing(password, texts), save, linkButton(texts.backToLogin, options.back));
  const attempt = trying(options, busy(save, texts.loggingIn, [password]), failed);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (password.value.length >= SHORTEST) return void attempt(() => options.save(password.value));
    say(texts.passwordTooShort);
    password.focus();
  });
  place.replaceChildren(form);
  if (begin) void attempt(begin).then(() => password.focus());
  else password.focus();
}

/** It is typed in once: whoever likes to may look at it. */
function showing(password: HTMLInputElement, texts: Texts): HTMLElement {
  const box = element('input', '');
  box.type = 'checkbox';
  box.addEventListener('change', () => {
    password.type = box.checked ? 'text' : 'password';
  });
  const label = element('label', 'mooring-login-check');
  label.append(box, texts.showPassword);
  return label;
}
