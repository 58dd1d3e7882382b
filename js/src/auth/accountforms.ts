/** The forms for an account at the identity service: one at a time, as links and people want it. */

import { BackendError } from '../errors.js';
import { type GoTrue, SpentLink } from '../gateway/gotrue.js';
import type { Link } from '../gateway/links.js';
import type { Credentials } from '../types.js';
import { drawForgotForm } from './forgotform.js';
import { drawPasswordForm, type GatewayFormOptions } from './gatewayform.js';
import { drawNewPasswordForm } from './newpasswordform.js';
import { messageOf } from './trying.js';

export interface AccountFormsOptions extends GatewayFormOptions {
  /** Throws where the address of the service is none. */
  account(): GoTrue;
}

type Work = () => Promise<void>;

export class AccountForms {
  readonly #place: HTMLElement;
  readonly #options: AccountFormsOptions;
  /** The token of a new address, until whoever has it is signed in. */
  #newAddress = '';

  constructor(place: HTMLElement, options: AccountFormsOptions) {
    this.#place = place;
    this.#options = options;
  }

  /** Shows what a link leads to; without one the sign-in form, or who was signed in is again. */
  show(link?: Link): void {
    const { texts, isSignedIn } = this.#options;
    if (link?.kind === 'confirmation') this.#login({ begin: () => this.#confirm(link.token) });
    else if (link?.kind === 'invite') this.#invited(link.token);
    else if (link?.kind === 'recovery') this.#recovering(link.token);
    else {
      this.#newAddress = link?.token ?? '';
      const notice = link ? texts.confirmsAddress : '';
      this.#login({ notice, begin: isSignedIn() ? () => this.#signIn({}) : undefined });
    }
  }

  #login({ notice = '', begin }: { notice?: string; begin?: Work | undefined } = {}): void {
    drawPasswordForm(this.#place, {
      ...this.#options,
      notice,
      begin,
      signIn: (credentials) => this.#signIn(credentials),
      forgot: (email) => this.#forgot(email),
      sentence: (error) => this.#sentence(error),
    });
  }

  #forgot(email: string): void {
    const { say } = this.#options;
    say('');
    drawForgotForm(this.#place, {
      ...this.#options,
      email,
      send: async (address) => this.#options.account().recover(address),
      back: () => this.#back(),
    });
  }

  #invited(token: string): void {
    const save = async (password: string) => {
      await this.#options.account().verify('signup', token, password);
    };
    this.#newPassword({ notice: this.#options.texts.invited, save });
  }

  /** The link is good once, and it signs in: after that the password can be set more than once. */
  #recovering(token: string): void {
    const begin = once(async () => this.#options.account().verify('recovery', token));
    const save = async (password: string) => {
      await begin();
      await this.#options.account().setPassword(password);
    };
    this.#newPassword({ notice: this.#options.texts.recovering, begin, save });
  }

  #newPassword(form: {
    notice: string;
    begin?: Work;
    save(password: string): Promise<void>;
  }): void {
    const { signIn } = this.#options;
    let isSaved = false;
    const save = async (password: string) => {
      await form.save(password);
      isSaved = true;
      await signIn({});
    };
    const failed = (error: unknown) => {
      const isOver = error instanceof BackendError && error.kind === 'Unauthenticated';
      if (isSaved || isOver) this.#login();
      this.#options.say(this.#sentence(error));
    };
    drawNewPasswordForm(this.#place, {
      ...this.#options,
      ...form,
      save,
      failed,
      back: () => this.#back(),
    });
  }

  /** Who followed a good link is signed in by now. */
  #back(): void {
    this.#options.say('');
    this.show();
    this.#place.querySelector('input')?.focus();
  }

  async #confirm(token: string): Promise<void> {
    await this.#options.account().verify('signup', token);
    await this.#options.signIn({});
  }

  /** A new address counts for the account that asked for it: first one has to be in that. */
  async #signIn(credentials: Credentials): Promise<void> {
    const { account, signIn, texts } = this.#options;
    const { email, password } = credentials;
    if (this.#newAddress === '') return signIn(credentials);
    if (email && password) await account().signIn(email, password);
    try {
      await account().changeEmail(this.#newAddress);
      this.#newAddress = '';
    } catch (error) {
      if (!(error instanceof SpentLink)) throw error;
      this.#newAddress = '';
      throw new BackendError('Invalid', texts.addressNotChanged);
    }
    await signIn({});
  }

  #sentence(error: unknown): string {
    return error instanceof SpentLink ? this.#options.texts.linkSpent : messageOf(error);
  }
}

/** Does it until it went well, and then no more. */
function once(work: Work): Work {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work().catch((error) => {
      done = undefined;
      throw error;
    });
    return done;
  };
}
