/** The sign-in page for a CMS that keeps React's hooks to itself. */

import { registerBackends } from '../dist/index.js';
import { assert, assertEqual } from './assert.js';

type Page = (props: object) => { type: string; props: { ref(place: HTMLElement): void } };

/** Draws the sign-in page of a proxy backend, as React would. */
function draw(fetch: () => Promise<Response>, backend: object, onLogin: () => void): HTMLElement {
  Reflect.set(globalThis, 'h', (type: string, props: object) => ({ type, props }));
  let page: Page | undefined;
  const CMS = {
    registerBackend(name: string, Class: unknown) {
      if (name !== 'proxy') return;
      const config = { backend: { proxy_url: 'http://localhost:8081/api/v1', ...backend } };
      page = new (Class as new (config: object) => { authComponent(): Page })(
        config,
      ).authComponent();
    },
  };
  registerBackends(CMS, { fetch, core: {} });
  assert(page, 'a sign-in page');
  const { type, props } = page({ onLogin });
  const place = document.createElement(type);
  props.ref(place);
  props.ref(place); // React calls it again with every render
  return place;
}

const info = { repo: 'site', publish_modes: ['simple'], type: 'local_fs' };
const running = async () => Response.json(info);

describe('the plain sign-in page', () => {
  it('tells the CMS when the server took it', async () => {
    await new Promise<void>((resolve) => {
      const place = draw(running, {}, resolve);
      assertEqual(place.querySelectorAll('button').length, 1);
      place.querySelector('button')?.click();
    });
  });

  it('says what is wrong, and lets one try again', async () => {
    let up = false;
    let signedIn = 0;
    const fetch = async () => {
      if (!up) throw new TypeError('Failed to fetch');
      return running();
    };
    const place = draw(fetch, {}, () => signedIn++);
    const button = place.querySelector('button') as HTMLButtonElement;
    button.click();
    await until(() => !button.disabled);
    const message = place.querySelector('[role=alert]')?.textContent ?? '';
    assert(message.includes('http://localhost:8081'), `the server in '${message}'`);
    up = true;
    button.click();
    await until(() => signedIn === 1);
    assertEqual(place.querySelector('[role=alert]')?.textContent, '');
  });

  it('signs in by itself where the site asks for no login', async () => {
    await new Promise<void>((resolve) => {
      draw(running, { login: false }, resolve);
    });
  });
});

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
}
