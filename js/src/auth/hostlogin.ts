/** The sign-in page of hosts that people have an account at. */

import type { Backend } from '../backend.js';
import type { Core } from '../core.js';
import type { Host } from '../oauth/settings.js';
import type { BackendConfig, Credentials } from '../types.js';
import { formPage } from './formpage.js';
import { drawHostForm } from './hostform.js';
import type { Texts } from './texts.js';
import type { TokenHost } from './tokenhosts.js';
import { waysOf } from './ways.js';

export function hostLogin(
  backend: Backend,
  host: TokenHost,
  config: BackendConfig,
  texts: Texts,
  fetch: typeof globalThis.fetch,
  core: () => Core,
) {
  let shown: (sentence: string) => void = () => undefined;
  const say = (sentence: string) => shown(sentence);
  const { ways, back, problem } = waysOf(backend.name as Host, config, texts, fetch, say);
  back?.catch(() => undefined); // The page says why, once it is drawn.
  let answer: Promise<Credentials | undefined> | undefined = back;
  return formPage(core, (place, form) => {
    shown = form.say;
    const left = backend.sessionLeft();
    const resume = answer ?? (left && Promise.resolve(left));
    answer = undefined; // Good once.
    drawHostForm(place, {
      host,
      tokenPage: host.tokenPage(config),
      texts,
      ways,
      resume: resume && (() => resume),
      say,
      signIn: async (credentials) => {
        await backend.authenticate(credentials);
        form.onLogin(credentials);
      },
    });
    if (problem !== '') say(problem);
    backend.ready().catch((error: Error) => say(error.message));
  });
}
