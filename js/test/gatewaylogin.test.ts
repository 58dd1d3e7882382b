/** The sign-in page of Git Gateway: with a password, and with Netlify's widget. */

import { assertEqual } from './assert.js';
import { draw, enter, leave, part, until } from './gatewaypage.js';
import { forget, jwt, openSite, PERSON } from './gatewaysite.js';

afterEach(() => {
  leave();
  forget();
});

describe('the password form', () => {
  it('has labelled fields that password managers know', () => {
    const { place } = draw(openSite());
    const fields = [...place.querySelectorAll('input')];
    assertEqual(
      fields.map(({ type, autocomplete, labels }) => [
        type,
        autocomplete,
        labels?.[0]?.textContent,
      ]),
      [
        ['email', 'username', 'E-mail address'],
        ['password', 'current-password', 'Password'],
      ],
    );
  });

  it('tells the CMS of what succeeded, without the password', async () => {
    const drawn = draw(openSite());
    await enter(drawn, PERSON.email, 'wrong');
    assertEqual([drawn.told, drawn.error()], [[], 'The e-mail address or the password is wrong.']);
    assertEqual(part<HTMLInputElement>(drawn.place, '[name=password]').value, '');
    await enter(drawn, ` ${PERSON.email}`, PERSON.password);
    assertEqual([drawn.told, drawn.error()], [[{}], '']);
  });

  it('asks for what is missing', async () => {
    const site = openSite();
    const drawn = draw(site);
    await enter(drawn, PERSON.email, '');
    assertEqual(
      [drawn.error(), site.asked],
      ['Enter your e-mail address and your password first.', []],
    );
    assertEqual(document.activeElement, part(drawn.place, '[name=password]'));
  });

  it('takes up the session that there is, as the CMS does not', async () => {
    const site = openSite();
    await enter(draw(site), PERSON.email, PERSON.password);
    const again = draw(site);
    assertEqual(part(again.place, 'button').textContent, 'Logging in…');
    await until(() => again.told.length > 0);
    assertEqual([again.told, site.count('/token')], [[{}], 1]);
  });

  it('says when that session has ended', async () => {
    const site = openSite();
    await enter(draw(site), PERSON.email, PERSON.password);
    const stored = JSON.parse(localStorage.getItem('gotrue.user') as string);
    stored.token.expires_at = 0;
    stored.token.refresh_token = 'revoked';
    localStorage.setItem('gotrue.user', JSON.stringify(stored));
    const again = draw(site);
    await until(() => again.error() !== '');
    assertEqual([again.error(), again.told], ['Your session has ended. Sign in again.', []]);
  });
});

/** Netlify's widget, as far as it is used. */
function addWidget() {
  const heard = new Map<string, (about?: unknown) => void>();
  const widget = {
    user: null as { jwt(renew?: boolean): Promise<string> } | null,
    done: [] as string[],
    on: (event: string, listener: (about?: unknown) => void) => heard.set(event, listener),
    emit: (event: string, about?: unknown) => heard.get(event)?.(about),
    init: () => widget.done.push('init'),
    open: () => widget.done.push('open'),
    close: () => widget.done.push('close'),
    logout: () => {
      widget.user = null;
      widget.done.push('logout');
    },
    currentUser: () => widget.user,
  };
  Reflect.set(globalThis, 'netlifyIdentity', widget);
  return widget;
}

const soon = () => Math.floor(Date.now() / 1000) + 3600;

describe('Netlify’s widget', () => {
  it('asks for the account itself', async () => {
    const widget = addWidget();
    const site = openSite();
    const drawn = draw(site);
    const button = part<HTMLButtonElement>(drawn.place, 'button');
    assertEqual(button.textContent, 'Login with Netlify Identity');
    assertEqual(drawn.place.querySelector('input'), null);
    button.click();
    widget.user = { jwt: async () => jwt(1, ['editor'], { exp: soon() }) };
    widget.emit('login', widget.user);
    await until(() => drawn.told.length > 0);
    await until(() => widget.done.includes('close'));
    assertEqual([drawn.told, site.asked.length], [[{}], 1]);
    assertEqual(widget.done.slice(0, 2), ['open', 'init'].sort());
  });

  it('keeps the session that is taken up', async () => {
    const widget = addWidget();
    widget.user = { jwt: async () => jwt(1, ['editor'], { exp: soon() }) };
    const drawn = draw(openSite());
    await until(() => drawn.told.length > 0);
    assertEqual([drawn.told, widget.done], [[{}], ['init']]);
  });

  it('says what it could not do', async () => {
    const widget = addWidget();
    const drawn = draw(openSite());
    widget.emit('error', new Error('Failed to load settings'));
    assertEqual(drawn.error(), 'Netlify Identity: Failed to load settings');
    widget.user = { jwt: () => Promise.reject(new Error('no network')) };
    widget.emit('login', widget.user);
    await until(() => drawn.error().includes('could not renew'));
    assertEqual(
      [drawn.error(), drawn.told],
      ['Netlify Identity could not renew your session (no network). Sign in again.', []],
    );
  });
});
