/** The form of somebody who does not know their password any more. */

import { busy, button, element, field, labelled, linkButton, note } from './elements.js';
import type { Form } from './formpage.js';
import type { Texts } from './texts.js';
import { trying } from './trying.js';

export interface ForgotFormOptions extends Form {
  texts: Texts;
  /** That was typed in already, or ''. */
  email: string;
  /** Has a link sent, if anybody has that address. */
  send(email: string): Promise<void>;
  /** Shows the sign-in form. */
  back(): void;
}

export function drawForgotForm(place: HTMLElement, options: ForgotFormOptions): void {
  const { texts, say } = options;
  const email = field('email', 'email', 'username');
  email.value = options.email;
  const send = button(texts.sendLink, 'contained', 'submit');
  const status = note(texts.forgotHint);
  const back = linkButton(texts.backToLogin, options.back);
  const form = element('form', 'mooring-login');
  form.append(status, labelled(texts.email, email), send, back);
  const attempt = trying(options, busy(send, texts.sending, [email]));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    status.textContent = texts.forgotHint;
    const address = email.value.trim();
    if (address === '') {
      email.focus();
      return say(texts.needsEmail);
    }
    if (await attempt(() => options.send(address))) status.textContent = texts.linkSent;
  });
  place.replaceChildren(form);
  email.focus();
}
