/** The sign-in page of a host: its main way, and the others behind it. */

import { registerBackends } from '../dist/index.js';
import { assert, assertEqual } from './assert.js';

type Page = (props: object) => { props: { ref(place: HTMLElement): void } };

/** The page of a backend, as Decap CMS draws it: without hooks. */
function draw(host: string, backend: object, more: object = {}, options: object = {}): HTMLElement {
  Reflect.set(globalThis, 'h', (type: unknown, props: object) => ({ type, props }));
  let page: Page | undefined;
  const CMS = {
    registerBackend(name: string, Class: unknown) {
      if (name !== host) return;
      const Host = Class as new (config: object) => { authComponent(): Page };
      page = new Host({ backend, ...more }).authComponent();
    },
  };
  registerBackends(CMS, { wasmURL: '/faults/faulty.wasm', core: {}, ...options });
  assert(page, 'a sign-in page');
  const place = document.body.appendChild(document.createElement('section'));
  page({ onLogin: () => undefined }).props.ref(place);
  return place;
}

const textOf = (place: Element, selector: string) => place.querySelector(selector)?.textContent;
const mainButton = '[data-testid=login-button]';

describe('the sign-in page of a host', () => {
  let place: HTMLElement;
  afterEach(() => place.remove());

  for (const [host, backend, label] of [
    ['github', {}, 'Login with GitHub'],
    ['bitbucket', {}, 'Login with Bitbucket'],
    ['gitlab', { app_id: 'x' }, 'Login with GitLab'],
    ['gitea', { app_id: 'x', base_url: 'https://git.example.com' }, 'Login with Gitea'],
  ] as const) {
    it(`of ${host} has a main button with its mark, and a token behind it`, () => {
      place = draw(host, backend);
      assertEqual(textOf(place, mainButton), label);
      const mark = place.querySelector(`${mainButton} svg`);
      assert(mark?.querySelector('path')?.getAttribute('d'), 'a mark');
      assertEqual(mark?.getAttribute('aria-hidden'), 'true');
      const details = place.querySelector('details');
      assertEqual([details?.open, textOf(place, 'summary')], [false, 'Other ways to sign in']);
      assert(details?.querySelector('input[name=token]'), 'a field for a token');
    });
  }

  for (const host of ['gitlab', 'gitea']) {
    it(`of ${host} asks for a token where the configuration says nothing else`, () => {
      place = draw(host, {});
      assertEqual(textOf(place, mainButton), 'Login');
      assertEqual(place.querySelector('details'), null);
      assert(place.querySelector('input[name=token]'), 'a field for a token');
    });
  }

  it('says what is wrong with the configuration, and takes a token all the same', () => {
    place = draw('gitlab', { auth_type: 'pkce' });
    assert(textOf(place, '[role=alert]')?.includes('backend.app_id'), place.innerHTML);
    assert(place.querySelector('input[name=token]'), 'a field for a token');
  });

  it('speaks the language of the CMS', () => {
    place = draw('github', {}, { locale: 'de' });
    assertEqual(textOf(place, mainButton), 'Mit GitHub anmelden');
    assertEqual(textOf(place, 'summary'), 'Andere Wege, sich anzumelden');
  });

  it('says what the site wants it to say', () => {
    place = draw('github', {}, { locale: 'de' }, { texts: { loginWith: 'Hinein bei {host}' } });
    assertEqual(textOf(place, mainButton), 'Hinein bei GitHub');
  });
});

describe('the options of sign-in', () => {
  const CMS = { registerBackend() {} };
  for (const [options, want] of [
    [{ session: 'page' }, "option 'session' must be 'local', 'tab' or 'memory'"],
    [{ texts: { login: 5 } }, "option 'texts' must be an object of texts"],
  ] as const) {
    it(`are refused: ${want}`, () => {
      let message = '';
      try {
        registerBackends(CMS, options as object);
      } catch (error) {
        message = (error as Error).message;
      }
      assert(message.includes(want), message);
    });
  }
});
