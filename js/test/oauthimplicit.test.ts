/** Signing in at a host that answers in the fragment. */

import { begin, resume } from '../src/oauth/implicit.js';
import { assert, assertEqual, rejection } from './assert.js';
import { NO_STORAGE, openPage, settingsOf, stateOf, type TestPage } from './oauthpage.js';

const settings = settingsOf('bitbucket', { auth_type: 'implicit', app_id: 'app' });
const TOKEN =
  'access_token=secret%3D&scopes=account+repository%3Awrite&expires_in=7200&token_type=bearer';

function returned(address = '', answer = TOKEN): TestPage {
  const page = openPage(address);
  begin(settings, page);
  page.comesBack({ hash: `#${answer}&state=${stateOf(page)}` });
  return page;
}

const failure = (page: TestPage) => rejection((async () => resume(settings, page))());

afterEach(() => sessionStorage.clear());

describe('leaving for a host that answers with the token', () => {
  it('asks for it', () => {
    const page = openPage('?own=1#/deep');
    begin(settings, page);
    const { state, ...rest } = Object.fromEntries(page.left[0]?.searchParams ?? []);
    assertEqual(rest, {
      client_id: 'app',
      redirect_uri: 'https://site.example/admin/',
      scope: 'repository:write',
      response_type: 'token',
    });
    assert((state ?? '').length > 43, `a state that nobody guesses, not ${state}`);
  });

  it('takes a page that may store something', async () => {
    const page = openPage('', NO_STORAGE);
    const error = await rejection((async () => begin(settings, page))());
    assertEqual([error.kind, page.left.length], ['Unsupported', 0]);
  });
});

describe('coming back with a token in the address', () => {
  for (const slash of ['', '/'])
    it(`gives a grant, and the page’s own address (‘#${slash}’)`, () => {
      const page = returned('?own=1#/collections/posts');
      page.location.hash = page.location.hash.replace('#', `#${slash}`);
      const grant = resume(settings, page);
      assertEqual(
        [grant?.token, grant?.lifetime, grant?.scope],
        ['secret=', 7_200_000, 'account repository:write'],
      );
      assertEqual(page.address(), '/admin/?own=1#/collections/posts');
      assertEqual([page.routes, sessionStorage.length], [['popstate #/collections/posts'], 0]);
    });

  for (const address of [
    '',
    '#/collections/posts',
    '#/search/error=1',
    '?code=SUMMER&state=CA',
    '#error=404',
  ])
    it(`leaves alone an address that is none of ours: '${address}'`, () => {
      const page = openPage(address);
      assertEqual([resume(settings, page), page.address()], [undefined, `/admin/${address}`]);
    });

  const wrong: [string, (page: TestPage) => void][] = [
    ['another state', (page) => page.comesBack({ hash: `#${TOKEN}&state=wrong` })],
    ['no state', (page) => page.comesBack({ hash: `#${TOKEN}` })],
    ['an attempt of another tab', () => sessionStorage.clear()],
  ];
  for (const [name, change] of wrong)
    it(`takes none, and leaves none in the address: ${name}`, async () => {
      const page = returned('#/deep');
      change(page);
      const error = await failure(page);
      assertEqual([error.kind, page.address()], ['Unauthenticated', '/admin/']);
      assert(!error.message.includes('secret'), 'no token in an error');
    });

  it('takes none that nobody asked for', async () => {
    const page = openPage(`#${TOKEN}`);
    assertEqual([(await failure(page)).kind, page.address()], ['Unauthenticated', '/admin/']);
  });

  it('takes an answer once', async () => {
    const page = returned();
    const { hash } = page.location;
    assert(resume(settings, page), 'a grant');
    page.comesBack({ hash });
    assertEqual((await failure(page)).kind, 'Unauthenticated');
  });

  it('says that it was not allowed', async () => {
    const error = await failure(returned('#/deep', 'error=access_denied'));
    assert(/You did not allow .* Bitbucket/.test(error.message), error.message);
  });

  it('hears a refusal in the query', async () => {
    const page = openPage('#/deep');
    begin(settings, page);
    page.comesBack({ search: `?error=unsupported_response_type&state=${stateOf(page)}` });
    const error = await failure(page);
    assertEqual([error.kind, page.address()], ['Invalid', '/admin/#/deep']);
    assert(/Set backend\.auth_type/.test(error.message), error.message);
  });
});
