/** Signing in at a host itself: the way there, and back. */

import { begin, resume } from '../src/oauth/pkce.js';
import type { OAuthSettings } from '../src/oauth/settings.js';
import { assert, assertEqual, rejection } from './assert.js';
import { NO_STORAGE, openPage, settingsOf, stateOf, type TestPage } from './oauthpage.js';

const settings = settingsOf('gitlab', { auth_type: 'pkce', app_id: 'app' });
const GRANT = { access_token: 'secret-token', refresh_token: 'r', expires_in: 7200, scope: 'api' };

/** A token endpoint, and the forms that it was sent. */
function endpoint(answer: () => Response = () => Response.json(GRANT)) {
  const asked: URLSearchParams[] = [];
  const fetch = async (_: unknown, init?: RequestInit) => {
    asked.push(init?.body as URLSearchParams);
    return answer();
  };
  return { asked, fetch: fetch as typeof globalThis.fetch };
}

/** A page that was left, and came back with a code. */
async function returned(address = '', more = ''): Promise<TestPage> {
  const page = openPage(address);
  await begin(settings, page);
  page.comesBack({ search: `?code=c0de&state=${stateOf(page)}${more}` });
  return page;
}

const kept = () => Object.keys(sessionStorage);

afterEach(() => sessionStorage.clear());

describe('leaving for a host', () => {
  it('tells the host nothing that is secret', async () => {
    const page = openPage('?preview=1#/collections/posts');
    await begin(settings, page);
    const [url] = page.left as [URL];
    assertEqual(url.origin + url.pathname, 'https://gitlab.com/oauth/authorize');
    const { state, code_challenge, ...rest } = Object.fromEntries(url.searchParams);
    assertEqual(rest, {
      client_id: 'app',
      redirect_uri: 'https://site.example/admin/',
      scope: 'api',
      response_type: 'code',
      code_challenge_method: 'S256',
    });
    assert(/^[\w-]{43}$/.test(code_challenge ?? ''), `a challenge, not ${code_challenge}`);
    assert((state ?? '').length > 43, `a state that nobody guesses, not ${state}`);
    const [key] = kept() as [string];
    const { verifier } = JSON.parse(sessionStorage.getItem(key) as string);
    assert(/^[\w-]{43,128}$/.test(verifier), `a verifier, not ${verifier}`);
    assert(!url.href.includes(verifier), 'no verifier in the address');
  });

  it('is another attempt every time', async () => {
    const page = openPage();
    await begin(settings, page);
    await begin(settings, page);
    const [first, second] = page.left as [URL, URL];
    for (const key of ['state', 'code_challenge'])
      assert(first.searchParams.get(key) !== second.searchParams.get(key), `another ${key}`);
  });

  it('takes a page that is protected', async () => {
    const page = { ...openPage(), crypto: { getRandomValues: crypto.getRandomValues } as Crypto };
    const error = await rejection(begin(settings, page));
    assertEqual(error.kind, 'Unsupported');
    assert(/came over https/.test(error.message), error.message);
  });

  it('takes a page that may store something', async () => {
    const page = openPage('', NO_STORAGE);
    const error = await rejection(begin(settings, page));
    assertEqual([error.kind, page.left.length], ['Unsupported', 0]);
    assert(/Allow cookies and site data/.test(error.message), error.message);
  });

  it('keeps none of the attempts that nobody comes back from', async () => {
    const old = { authorize_url: settings.authorize_url, search: '', hash: '', began: 1 };
    sessionStorage.setItem('mooring-sign-in:old', JSON.stringify(old));
    sessionStorage.setItem('mooring-sign-in:broken', '{');
    await begin(settings, openPage());
    assertEqual(kept().length, 1);
  });
});

describe('coming back from a host', () => {
  it('gives a grant for the code and its proof', async () => {
    const page = await returned();
    const [key] = kept() as [string];
    const { verifier } = JSON.parse(sessionStorage.getItem(key) as string);
    const { asked, fetch } = endpoint();
    const grant = await resume(settings, page, fetch);
    assertEqual(
      [grant?.token, grant?.refresh_token, grant?.lifetime],
      ['secret-token', 'r', 7.2e6],
    );
    assertEqual(Object.fromEntries(asked[0] ?? []), {
      grant_type: 'authorization_code',
      client_id: 'app',
      code: 'c0de',
      code_verifier: verifier,
      redirect_uri: 'https://site.example/admin/',
    });
    assertEqual(kept(), []);
  });

  it('proves it as RFC 7636 wants it', async () => {
    const page = await returned();
    const { asked, fetch } = endpoint();
    await resume(settings, page, fetch);
    const verifier = new TextEncoder().encode(asked[0]?.get('code_verifier') ?? '');
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', verifier));
    const challenge = page.left[0]?.searchParams.get('code_challenge') ?? '';
    const binary = atob(challenge.replaceAll('-', '+').replaceAll('_', '/'));
    assertEqual(
      [...hash],
      [...binary].map((c) => c.charCodeAt(0)),
    );
  });

  it('gives the page its own address back before it asks for anything', async () => {
    const own = '?preview=1&x=a%20b#/collections/posts/entries/hello?tab=1';
    const page = await returned(own, '&iss=https%3A%2F%2Fgitlab.com');
    let then = '';
    const fetch = (async () => {
      then = page.address();
      return Response.json(GRANT);
    }) as typeof globalThis.fetch;
    await resume(settings, page, fetch);
    assertEqual(then, `/admin/${own}`);
    assertEqual(page.routes, ['popstate #/collections/posts/entries/hello?tab=1']);
  });

  it('is one of several attempts in a tab', async () => {
    const page = openPage('#/first');
    await begin(settings, page);
    const state = stateOf(page);
    page.location.hash = '#/second';
    await begin(settings, page);
    page.comesBack({ search: `?code=c&state=${state}` });
    assert(await resume(settings, page, endpoint().fetch), 'a grant');
    assertEqual([page.address(), kept().length], ['/admin/#/first', 1]);
  });

  const foreign = [
    '',
    '?code=SUMMER',
    '?code=SUMMER&state=CA',
    '?error=404',
    '?page=2#/collections/posts',
    '#access_token=of-somebody-else',
  ];
  for (const address of foreign)
    it(`leaves alone an address that is none of ours: '${address}'`, async () => {
      const page = openPage(address);
      const { asked, fetch } = endpoint();
      assertEqual([await resume(settings, page, fetch), asked.length], [undefined, 0]);
      assertEqual([page.address(), page.routes], [`/admin/${address}`, []]);
    });

  it('leaves alone the page’s own query after somebody went back', async () => {
    const page = openPage('?code=SUMMER&state=CA');
    await begin(settings, page);
    assertEqual(await resume(settings, page, endpoint().fetch), undefined);
    assertEqual(page.address(), '/admin/?code=SUMMER&state=CA');
  });

  const refuses = async (page: TestPage, now: OAuthSettings = settings) => {
    const { asked, fetch } = endpoint();
    const error = await rejection(resume(now, page, fetch));
    assertEqual([error.kind, asked.length], ['Unauthenticated', 0]);
    assert(/not begun in this tab, or it was finished already/.test(error.message), error.message);
  };

  it('takes no other state', async () => {
    const page = await returned();
    page.comesBack({ search: '?x=1&code=c0de&state=wrong&y=%41' });
    await refuses(page);
    assertEqual([page.address(), kept().length], ['/admin/?x=1&y=%41', 1]);
  });

  it('takes no answer without a state', async () => {
    const page = await returned();
    page.comesBack({ search: '?code=c0de' });
    await refuses(page);
    assertEqual(page.address(), '/admin/');
  });

  it('takes no answer of another tab', async () => {
    const page = await returned();
    sessionStorage.clear();
    await refuses(page);
    assertEqual(page.address(), '/admin/');
  });

  it('takes an answer once', async () => {
    const page = await returned('#/x');
    const { search } = page.location;
    assert(await resume(settings, page, endpoint().fetch), 'a grant');
    page.comesBack({ search });
    await refuses(page);
  });

  it('takes no answer of another server', async () => {
    const page = await returned();
    await refuses(page, settingsOf('gitlab', { app_id: 'app', auth_endpoint: 'other' }));
  });

  const denied: [string, string, RegExp][] = [
    ['error=access_denied&error_description=x', 'Unauthenticated', /You did not allow .* GitLab/],
    ['error=invalid_scope', 'Invalid', /scope “api”: “invalid_scope”/],
    ['error=unauthorized_client&error_description=No+way.', 'Invalid', /this way: “No way”\. Set/],
    ['error=server_error', 'Unknown', /in trouble/],
    ['error=odd&error_description=token+glpat-12345678901234', 'Unknown', /“token …”/],
  ];
  for (const [query, kind, says] of denied)
    it(`says why there is no code: ${query}`, async () => {
      const page = openPage('?a=1#/deep');
      await begin(settings, page);
      page.comesBack({ search: `?${query}&state=${stateOf(page)}` });
      const { asked, fetch } = endpoint();
      const error = await rejection(resume(settings, page, fetch));
      assertEqual([error.kind, asked.length, page.address()], [kind, 0, '/admin/?a=1#/deep']);
      assert(says.test(error.message), `${says} in '${error.message}'`);
    });

  it('says that the code is over', async () => {
    const over = () => Response.json({ error: 'invalid_grant' }, { status: 400 });
    const error = await rejection(resume(settings, await returned(), endpoint(over).fetch));
    assertEqual(error.message, 'That sign-in has expired, or was used before. Sign in again.');
  });

  it('says that a scope was not given', async () => {
    const less = () => Response.json({ ...GRANT, scope: 'read_user' });
    const error = await rejection(resume(settings, await returned(), endpoint(less).fetch));
    assertEqual(error.kind, 'Forbidden');
    assert(/without the scope “api”/.test(error.message), error.message);
    assert(!error.message.includes('secret'), 'no token in an error');
  });

  it('works in a real page', async () => {
    const frame = document.createElement('iframe');
    const loaded = () =>
      new Promise((done) => frame.addEventListener('load', done, { once: true }));
    const host = `${location.origin}/js/test/assert.ts`;
    frame.src = `${host}?own=1#/deep/link`;
    document.body.append(frame);
    await loaded();
    const here = frame.contentWindow as Window & typeof globalThis;
    const there = { ...settings, authorize_url: host };
    const left = loaded();
    await begin(there, here);
    await left;
    const state = new URLSearchParams(here.location.search).get('state');
    const back = loaded();
    here.location.assign(`${host}?code=c0de&state=${state}`);
    await back;
    const page = frame.contentWindow as Window & typeof globalThis;
    const entries = page.history.length;
    const grant = await resume(there, page, endpoint().fetch);
    assertEqual([grant?.token, page.location.href], ['secret-token', `${host}?own=1#/deep/link`]);
    assertEqual(page.history.length, entries);
    frame.remove();
  });
});
