/** An attempt to sign in at a host, and the question whether to fork that it may end in. */

import { BackendError } from '../errors.js';
import type { Credentials } from '../types.js';
import { busy, button, element } from './elements.js';
import type { Form } from './formpage.js';
import type { Texts } from './texts.js';

export interface AttemptOptions extends Form {
  texts: Texts;
  /** Rejects with what is wrong with the credentials. */
  signIn(credentials: Credentials): Promise<void>;
}

/**
 * Gets credentials, undefined where the page is left for that, and signs in with them. Answers
 * whether somebody is signed in.
 */
export type Attempt = (
  credentials: () => Promise<Credentials | undefined>,
  working: (on: boolean) => void,
) => Promise<boolean>;

/**
 * Attempts of a form in that place, which gives way to the question and comes back after it. The
 * last one counts: who waits for a window may still take another way.
 */
export function attempts(place: HTMLElement, form: HTMLElement, options: AttemptOptions): Attempt {
  const { say, signIn, texts } = options;
  let last = 0;
  const attempt: Attempt = async (get, working) => {
    const own = ++last;
    say('');
    working(true);
    let held: Credentials | undefined;
    try {
      held = await get();
      if (!held || own !== last) return false;
      await signIn(held);
      return true;
    } catch (error) {
      if (own !== last) return false;
      if (held && error instanceof BackendError && error.kind === 'ForkNeeded')
        ask(error.message, held);
      else say(error instanceof Error ? error.message : String(error));
      return false;
    } finally {
      working(false);
    }
  };
  const ask = (question: string, credentials: Credentials) => {
    const fork = button(texts.fork, 'contained');
    const leave = button(texts.dontFork, 'outlined');
    const working = busy(fork, texts.forking, [leave]);
    fork.addEventListener('click', () =>
      attempt(async () => ({ ...credentials, fork: true }), working),
    );
    leave.addEventListener('click', () => {
      place.replaceChildren(form);
      form.querySelector<HTMLElement>('input, button')?.focus();
      say(texts.notForked);
    });
    const text = element('p', 'mooring-login-question');
    text.textContent = question;
    text.setAttribute('role', 'alert');
    const box = element('div', 'mooring-login');
    box.append(text, fork, leave);
    place.replaceChildren(box);
    fork.focus();
  };
  return attempt;
}
