/** A sign-in page without React's hooks, for a CMS that keeps them to itself (Decap CMS, bundles). */

import type { Backend } from '../backend.js';
import type { LoginProps, SignIn } from './login.js';
import type { Texts } from './texts.js';

type CreateElement = (type: string, props: object) => unknown;

const pages = new WeakSet<Element>();

/** React gives the place; what stands in it is drawn here, once. */
export function plainLogin(
  h: CreateElement,
  props: LoginProps,
  backend: Backend,
  signIn: SignIn,
  atOnce: boolean,
  texts: Texts,
): unknown {
  const draw = (place: HTMLElement | null) => {
    if (!place || pages.has(place)) return;
    pages.add(place);
    drawLogin(place, props, backend, signIn, atOnce, texts);
  };
  return h('section', {
    ref: draw,
    style: { display: 'grid', placeContent: 'center', minHeight: '100vh', gap: '16px' },
  });
}

function drawLogin(
  place: HTMLElement,
  props: LoginProps,
  backend: Backend,
  signIn: SignIn,
  atOnce: boolean,
  texts: Texts,
): void {
  const alert = document.createElement('p');
  alert.setAttribute('role', 'alert');
  alert.style.cssText = 'max-width: 32rem; color: #b3261e; font: 16px/1.5 system-ui, sans-serif';
  alert.textContent = props.error ?? '';
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = texts.login;
  button.style.cssText =
    'justify-self: center; padding: 8px 24px; font: 16px/1.5 system-ui, sans-serif; cursor: pointer';
  const login = async () => {
    button.disabled = true;
    alert.textContent = '';
    await signIn(props.onLogin).catch((error: Error) => {
      alert.textContent = error.message;
    });
    button.disabled = false;
  };
  button.addEventListener('click', login);
  place.replaceChildren(alert, button);
  if (atOnce) void login();
  else
    backend.ready().catch((error: Error) => {
      alert.textContent = error.message;
    });
}
