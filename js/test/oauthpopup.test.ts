/** Signing in at a service, in windows of its own on another origin. */

import { Popup, type PopupOptions } from '../src/oauth/popup.js';
import { assert, assertEqual, rejection } from './assert.js';
import { settingsOf } from './oauthpage.js';

/** The same server by another name: another origin. */
const ELSEWHERE = location.origin.replace('localhost', '127.0.0.1');

const FAST = { poll: 20, grace: 100 };

const settings = (behaviour: string, base_url = ELSEWHERE) =>
  settingsOf('github', {
    base_url,
    auth_endpoint: `js/test/oauthservice.html?behaviour=${behaviour}`,
  });

const opened: Window[] = [];

/** The page's own window, whose windows are closed in the end. */
const page: PopupOptions['page'] & object = {
  open: (...args: Parameters<Window['open']>) => {
    const popup = window.open(...args);
    if (popup) opened.push(popup);
    return popup;
  },
  addEventListener: window.addEventListener.bind(window),
  screen,
};

const popupTo = (behaviour: string, options: PopupOptions = {}) =>
  new Popup(settings(behaviour), { page, ...FAST, ...options });

/** A message that the popup's own listener has heard, too, by the time this settles. */
function message(is: (event: MessageEvent) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const heard = (event: MessageEvent) => {
      if (!is(event)) return;
      removeEventListener('message', heard);
      setTimeout(resolve);
    };
    addEventListener('message', heard);
  });
}

afterEach(() => {
  for (const popup of opened.splice(0)) popup.close();
});

describe('a sign-in service in a window', () => {
  for (const behaviour of ['good', 'twice', 'bold', 'last', 'noisy'])
    it(`gives a grant: ${behaviour}`, async () => {
      const grant = await popupTo(behaviour).signIn();
      assertEqual([grant.token, grant.lifetime], ['secret-token', 60_000]);
      const {
        behaviour: _,
        again,
        ...asked
      } = Object.fromEntries(new URLSearchParams(grant.refresh_token));
      assertEqual(asked, { provider: 'github', site_id: 'site.example', scope: 'repo' });
      assertEqual(opened[0]?.closed, true);
    });

  const wrong: [string, string, RegExp][] = [
    ['denied', 'Unauthenticated', /^You did not allow this page to use your GitHub account/],
    ['denied-there', 'Unauthenticated', /^You did not allow this page to use your GitHub account/],
    ['told', 'Unauthenticated', /did not sign you in: “Not one of us: …”\. Try again/],
    ['bare', 'Unauthenticated', /did not sign you in: “No such site”/],
    ['quoted', 'Unauthenticated', /did not sign you in: “No such site”/],
    ['stranger', 'Invalid', /signs people in to “unknown”, not to GitHub\. Check backend\.name/],
    ['mistaken', 'Invalid', /signs people in to “gitlab”, not to GitHub/],
    ['tokenless', 'Unknown', /sent no token/],
    ['broken', 'Unknown', /sent no token/],
    ['closing', 'Unauthenticated', /closed before you were signed in.*Cross-Origin-Opener-Policy/],
  ];
  for (const [behaviour, kind, says] of wrong)
    it(`says what is wrong, and closes: ${behaviour}`, async () => {
      const error = await rejection(popupTo(behaviour).signIn());
      assertEqual([error.kind, opened[0]?.closed], [kind, true]);
      assert(says.test(error.message), `${says} in '${error.message}'`);
      assert(!error.message.includes('secret'), 'no token in an error');
    });

  it('is told where the browser opens none', async () => {
    const error = await rejection(
      popupTo('good', { page: { ...page, open: () => null } }).signIn(),
    );
    assertEqual(error.kind, 'Unsupported');
    assert(/Allow pop-ups for this page/.test(error.message), error.message);
  });

  it('is one window for all clicks', async () => {
    const popup = popupTo('silent');
    const first = popup.signIn();
    let focused = 0;
    Object.defineProperty(opened[0], 'focus', { value: () => focused++ });
    assert(popup.signIn() === first, 'the same promise');
    assertEqual([opened.length, focused], [1, 1]);
    popup.cancel();
    assertEqual([(await rejection(first)).kind, opened[0]?.closed], ['Canceled', true]);
  });

  it('opens again after it was closed', async () => {
    const popup = popupTo('silent', { poll: 60_000 });
    const first = rejection(popup.signIn());
    opened[0]?.close();
    const second = rejection(popup.signIn());
    assertEqual([(await first).kind, opened.length], ['Canceled', 2]);
    popup.cancel();
    assertEqual((await second).kind, 'Canceled');
  });

  it('is heard to the end when it is closed already', async () => {
    const signedIn = popupTo('silent', { poll: 1, grace: 60_000 }).signIn();
    opened[0]?.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const data = 'authorization:github:success:{"token":"t"}';
    dispatchEvent(new MessageEvent('message', { data, origin: ELSEWHERE, source: null }));
    assertEqual((await signedIn).token, 't');
  });

  it('is waited for when it says nothing, which is said', async () => {
    const popup = popupTo('silent', { silence: 10, onSilence: (text) => said.push(text) });
    const said: string[] = [];
    const failed = rejection(popup.signIn());
    while (said.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert(/has not answered yet.*check backend\.base_url/.test(said[0] ?? ''), said[0] ?? '');
    assertEqual(opened[0]?.closed, false);
    opened[0]?.close();
    assertEqual([(await failed).kind, said.length], ['Unauthenticated', 1]);
  });
});

describe('a message of somebody else', () => {
  const SUCCESS = 'authorization:github:success:{"token":"stolen","provider":"github"}';

  /** Whether `send` ends the sign-in, judged when its message was heard by all. */
  async function ignored(send: () => void, is: (event: MessageEvent) => boolean): Promise<void> {
    const popup = popupTo('silent');
    let ended = false;
    const failed = rejection(popup.signIn().finally(() => (ended = true)));
    const heard = message(is);
    send();
    await heard;
    assertEqual(ended, false);
    popup.cancel();
    assertEqual((await failed).kind, 'Canceled');
  }

  it('is not heard: of another origin', () =>
    ignored(
      () => postMessage(SUCCESS, '*'),
      (event) => event.data === SUCCESS,
    ));

  it('is not heard: of the right origin, and another window', async () => {
    const frame = document.createElement('iframe');
    frame.src = `${ELSEWHERE}/js/test/oauthservice.html?provider=github`;
    document.body.append(frame);
    await new Promise((done) => frame.addEventListener('load', done, { once: true }));
    // The frame has no script for this: an event stands for what it would send.
    const event = new MessageEvent('message', {
      data: SUCCESS,
      origin: ELSEWHERE,
      source: frame.contentWindow,
    });
    await ignored(
      () => dispatchEvent(event),
      (heard) => heard === event,
    );
    frame.remove();
  });

  it('is not heard: of the right window, and another origin', async () => {
    const said: string[] = [];
    const popup = popupTo('silent', { silence: 1, onSilence: (text) => said.push(text) });
    const failed = rejection(popup.signIn());
    const origins = ['null', '', `${ELSEWHERE}.evil.example`, ELSEWHERE.replace(/\d+$/, '1')];
    for (const origin of origins)
      dispatchEvent(
        new MessageEvent('message', { data: SUCCESS, origin, source: opened[0] ?? null }),
      );
    // Nothing takes that sentence's place.
    await new Promise((resolve) => setTimeout(resolve, 20));
    popup.cancel();
    assertEqual((await failed).kind, 'Canceled');
    assertEqual(said.length, 1);
    assert(/went to null, which is not trusted/.test(said[0] ?? ''), said[0] ?? '');
    assert(!said.join().includes('stolen'), 'no token in a sentence');
  });

  it('is not heard after the sign-in', async () => {
    const listening: AbortSignal[] = [];
    const listens: PopupOptions['page'] & object = {
      ...page,
      addEventListener: (...args: Parameters<Window['addEventListener']>) => {
        listening.push((args[2] as AddEventListenerOptions).signal as AbortSignal);
        window.addEventListener(...args);
      },
    };
    const popup = popupTo('good', { page: listens });
    await popup.signIn();
    await popup.signIn();
    assertEqual(
      listening.map((signal) => signal.aborted),
      [true, true],
    );
  });
});
