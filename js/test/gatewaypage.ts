/** The sign-in page of Git Gateway, as a CMS draws it. */

import { type RegisterOptions, registerBackends } from '../dist/index.js';
import { assert } from './assert.js';
import type { Site } from './gatewaysite.js';

export interface Drawn {
  place: HTMLElement;
  error(): string;
  /** The credentials that the CMS was told. */
  told: object[];
}

const places: HTMLElement[] = [];

/** Draws the page as a CMS without hooks does. */
export function draw(site: Site, session: RegisterOptions['session'] = 'local'): Drawn {
  Reflect.set(globalThis, 'h', (type: string, props: object) => ({ type, props }));
  let page: ((props: object) => { props: { ref(place: HTMLElement): void } }) | undefined;
  const CMS = {
    registerBackend(name: string, Class: unknown) {
      if (name !== 'git-gateway') return;
      const Gateway = Class as new (config: object) => { authComponent(): typeof page };
      page = new Gateway({ backend: {} }).authComponent();
    },
  };
  registerBackends(CMS, { wasmURL: '/faults/faulty.wasm', fetch: site.fetch, core: {}, session });
  assert(page, 'a sign-in page');
  const told: object[] = [];
  const place = document.body.appendChild(document.createElement('section'));
  places.push(place);
  page({ onLogin: (credentials: object) => told.push(credentials) }).props.ref(place);
  return { place, told, error: () => place.querySelector('[role=alert]')?.textContent ?? '' };
}

export const part = <E extends Element>(place: Element, selector: string): E => {
  const found = place.querySelector<E>(selector);
  assert(found, `${selector} in ${place.innerHTML}`);
  return found;
};

export async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
}

export async function enter({ place }: Drawn, email: string, password: string): Promise<void> {
  part<HTMLInputElement>(place, '[name=email]').value = email;
  part<HTMLInputElement>(place, '[name=password]').value = password;
  const button = part<HTMLButtonElement>(place, '[type=submit]');
  button.click();
  await until(() => !button.disabled);
}

/** Takes all pages away. */
export function leave(): void {
  for (const place of places.splice(0)) place.remove();
}
