/** Git Gateway: the session at its identity service, and what its settings say. */

import { type Backend, createBackend, registerBackends } from '../dist/index.js';
import { assert, assertEqual, rejection } from './assert.js';
import { forget, jwt, openSite, PERSON, type Site } from './gatewaysite.js';

const open: Backend[] = [];

function gateway(site: Site, config: Record<string, unknown> = {}): Backend {
  const options = { wasmURL: '/faults/faulty.wasm', fetch: site.fetch };
  const backend = createBackend('git-gateway', { backend: config }, options);
  open.push(backend);
  return backend;
}

/** The number of the token that Go gets. */
const numberOf = async (backend: Backend, path = 'token') => {
  const { data } = await backend.getEntry(path);
  return JSON.parse(atob(data.split('.')[1] as string)).number;
};

const lost = async (): Promise<Response> => {
  throw new TypeError('Failed to fetch');
};

afterEach(() => {
  for (const backend of open.splice(0)) backend.dispose();
  forget();
});

describe('signing in to a gateway', () => {
  it('takes an e-mail address and a password, and gives neither away', async () => {
    const site = openSite();
    const backend = gateway(site);
    const user = await backend.authenticate(PERSON);
    assertEqual(user, {
      login: PERSON.email,
      name: 'Ann',
      email: PERSON.email,
      avatar_url: 'https://site.example/ann.png',
    });
    assertEqual((await backend.getEntry('url')).data, `${location.origin}/.netlify/git`);
    assertEqual(await numberOf(backend), 1);
    assertEqual([site.count('/token'), site.count('/settings')], [1, 1]);
    await backend.authenticate({});
    assertEqual([site.count('/token'), site.count('/settings')], [1, 1]);
    assert(!JSON.stringify(localStorage).includes(PERSON.password), 'no password that is kept');
  });

  it('has the next person’s backend after the last one’s', async () => {
    const site = openSite();
    const backend = gateway(site);
    await backend.authenticate(PERSON);
    await backend.logout();
    assertEqual((await rejection(backend.getEntry('url'))).kind, 'Unauthenticated');
    site.name = 'Bob';
    assertEqual((await backend.authenticate(PERSON)).name, 'Bob');
    assertEqual(await numberOf(backend), 2);
  });

  it('loads another module where there is another host than last time', async () => {
    const url = `${location.origin}/.netlify/git`;
    localStorage.setItem('mooring-git-gateway', JSON.stringify({ url, provider: 'gitlab' }));
    const backend = gateway(openSite());
    await backend.ready();
    assertEqual((await backend.authenticate(PERSON)).name, 'Ann');
    assertEqual(localStorage.getItem('mooring-git-gateway')?.includes('github'), true);
  });

  it('says that the password is wrong', async () => {
    const error = await rejection(gateway(openSite()).authenticate({ ...PERSON, password: 'x' }));
    assertEqual(
      [error.kind, error.message],
      ['Unauthenticated', 'The e-mail address or the password is wrong.'],
    );
  });

  it('takes up the session that there is', async () => {
    const site = openSite();
    await gateway(site).authenticate(PERSON);
    const user = await gateway(site).restoreUser({ login: PERSON.email, name: 'Ann' });
    assertEqual([user.name, site.count('/token')], ['Ann', 1]);
  });

  it('takes up no session of another site', async () => {
    await gateway(openSite()).authenticate(PERSON);
    const site = openSite('https://other.example');
    const identity_url = 'https://other.example/.netlify/identity';
    const error = await rejection(gateway(site, { identity_url }).authenticate({}));
    assertEqual([error.kind, site.asked], ['Unauthenticated', []]);
  });

  it('asks the site that Netlify’s widget keeps, on this machine', async () => {
    localStorage.setItem('netlifySiteURL', 'https://site.example/');
    const site = openSite('https://site.example');
    const backend = gateway(site);
    await backend.authenticate(PERSON);
    assertEqual((await backend.getEntry('url')).data, 'https://site.example/.netlify/git');
  });

  it('needs no settings where the address says what is behind it', async () => {
    const site = openSite();
    const backend = gateway(site, { gateway_url: 'https://gateway.example/git/gitlab/' });
    await backend.authenticate(PERSON);
    assertEqual((await backend.getEntry('url')).data, 'https://gateway.example/git');
    assertEqual(site.count('/settings'), 0);
  });

  for (const [key, value] of [
    ['gateway_url', 'javascript:alert(1)'],
    ['identity_url', 5],
    ['large_media_url', 'http://'],
  ] as const) {
    it(`names a ${key} that is no address`, async () => {
      const error = await rejection(gateway(openSite(), { [key]: value }).authenticate(PERSON));
      assertEqual(error.kind, 'Invalid');
      assert(error.message.includes(`backend.${key} is ${JSON.stringify(value)}`), error.message);
    });
  }
});

describe('the settings of a gateway', () => {
  const page = () => new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } });
  const wrong: [string, () => Response, string, RegExp][] = [
    [
      'a web page',
      page,
      'NotFound',
      /no Git Gateway at .*\/git: the server answered with a web page\. Enable it/,
    ],
    [
      'not found',
      () => Response.json({ code: 404, msg: 'Unable to locate site' }, { status: 404 }),
      'NotFound',
      /no Git Gateway at .*\/git: the server answered with 404\. Enable it/,
    ],
    [
      'a refusal',
      () => Response.json({ code: 401, msg: 'Invalid token' }, { status: 401 }),
      'Unauthenticated',
      /does not let you in: “Invalid token”\. Sign in again/,
    ],
    ['trouble', () => new Response('', { status: 502 }), 'Unknown', /in trouble: it answered 502/],
    ['no host', () => Response.json({ roles: [] }), 'Invalid', /connected to no repository/],
  ];
  for (const [name, answer, kind, says] of wrong) {
    it(`are told in a sentence: ${name}`, async () => {
      const site = openSite();
      site.settings = answer;
      const error = await rejection(gateway(site).authenticate(PERSON));
      assertEqual(error.kind, kind);
      assert(says.test(error.message), error.message);
    });
  }

  it('are told in a sentence: no answer', async () => {
    const site = openSite();
    const fetch: Site['fetch'] = (input, init) =>
      String(input).endsWith('/settings') ? lost() : site.fetch(input, init);
    const error = await rejection(gateway({ ...site, fetch }).authenticate(PERSON));
    assertEqual(error.kind, 'Network');
    assert(/Git Gateway at .* does not answer/.test(error.message), error.message);
  });

  it('say who may come in', async () => {
    const site = openSite();
    site.settings = () => Response.json({ github_enabled: true, roles: ['admin', 'chief'] });
    const error = await rejection(gateway(site).authenticate(PERSON));
    assertEqual(error.kind, 'Forbidden');
    assert(/ann@example.com .*role “admin” or “chief”/.test(error.message), error.message);
    // Who was given the role meanwhile has it in the next token.
    site.roles = ['chief'];
    assertEqual((await gateway(site).authenticate({})).name, 'Ann');
  });
});

describe('a token of a gateway', () => {
  let site: Site;
  let backend: Backend;
  const signIn = async (lifetime = 3600) => {
    site = openSite();
    site.lifetime = lifetime;
    backend = gateway(site);
    await backend.authenticate(PERSON);
  };

  it('is renewed before it ends, once for all who ask', async () => {
    await signIn(0);
    const before = site.count('/token');
    site.lifetime = 3600;
    const numbers = await Promise.all([1, 2, 3].map(() => numberOf(backend)));
    assertEqual(new Set(numbers).size, 1);
    assertEqual(site.count('/token'), before + 1);
    assertEqual(await numberOf(backend), numbers[0]);
    assertEqual(site.count('/token'), before + 1);
  });

  it('is renewed when the host refuses it, once', async () => {
    await signIn();
    const refused = `not ${(await backend.getEntry('token')).data}`;
    const numbers = await Promise.all([1, 2, 3].map(() => numberOf(backend, refused)));
    assertEqual([numbers, site.count('/token')], [[2, 2, 2], 2]);
    assertEqual([await numberOf(backend, refused), await numberOf(backend)], [2, 2]);
    assertEqual(site.count('/token'), 2);
  });

  it('is taken from another tab that was faster', async () => {
    await signIn();
    const refused = `not ${(await backend.getEntry('token')).data}`;
    const stored = JSON.parse(localStorage.getItem('gotrue.user') as string);
    Object.assign(stored.token, { access_token: jwt(9, []), refresh_token: 'r9' });
    localStorage.setItem('gotrue.user', JSON.stringify(stored));
    assertEqual([await numberOf(backend, refused), site.count('/token')], [9, 1]);
  });

  it('is used to its end where the identity service is away', async () => {
    await signIn(3600);
    const stored = JSON.parse(localStorage.getItem('gotrue.user') as string);
    stored.token.expires_at = Date.now() + 30_000; // Within the margin.
    localStorage.setItem('gotrue.user', JSON.stringify(stored));
    site.renewal = () => new Response('', { status: 503 });
    assertEqual(await numberOf(gatewayOf(backend)), 1);
    const refused = `not ${(await backend.getEntry('token')).data}`;
    const error = await rejection(backend.getEntry(refused));
    assertEqual(error.kind, 'Unknown');
    assert(/identity service at .*in trouble: it answered 503/.test(error.message), error.message);
    site.renewal = undefined;
    assertEqual(await numberOf(backend, refused), 2);
  });

  /** Another backend in the same session: it holds no token yet. */
  const gatewayOf = (_: Backend) => {
    const other = gateway(site);
    const ready = other.authenticate({});
    return { getEntry: (path: string) => ready.then(() => other.getEntry(path)) } as Backend;
  };

  it('ends the session when it can not be renewed', async () => {
    await signIn();
    const refused = `not ${(await backend.getEntry('token')).data}`;
    site.renewal = () =>
      Response.json(
        { error: 'invalid_grant', error_description: 'Invalid Refresh Token' },
        { status: 400 },
      );
    for (const path of [refused, 'token']) {
      const error = await rejection(backend.getEntry(path));
      assertEqual(
        [error.name, error.message],
        ['ACCESS_TOKEN_ERROR', 'Your session has ended. Sign in again.'],
      );
    }
    assertEqual(localStorage.getItem('gotrue.user'), null);
  });

  it('is of nobody else who signed in in another tab', async () => {
    await signIn();
    const refused = `not ${(await backend.getEntry('token')).data}`;
    const stored = JSON.parse(localStorage.getItem('gotrue.user') as string);
    stored.token.access_token = jwt(9, [], { email: 'bob@example.com' });
    localStorage.setItem('gotrue.user', JSON.stringify(stored));
    const error = await rejection(backend.getEntry(refused));
    assertEqual(error.kind, 'Unauthenticated');
    assert(/^bob@example.com has signed in in another tab/.test(error.message), error.message);
  });

  it('is gone when somebody signs out', async () => {
    await signIn();
    await backend.logout();
    assertEqual([site.count('/logout'), localStorage.getItem('gotrue.user')], [1, null]);
    assertEqual((await rejection(backend.authenticate({}))).kind, 'Unauthenticated');
  });

  it('is renewed for a program that started anew', async () => {
    await signIn();
    await rejection(backend.getEntry('exit'));
    assertEqual(await numberOf(backend), 1);
  });
});

describe('the session of a gateway', () => {
  const inMode = (site: Site, session: 'tab' | 'memory') => {
    const Class = registered(site, session);
    const backend = new Class({ backend: {} });
    open.push(backend);
    return backend;
  };

  it('is kept in the tab where the site wants it', async () => {
    const site = openSite();
    localStorage.setItem('gotrue.user', 'another client’s');
    const backend = inMode(site, 'tab');
    await backend.authenticate(PERSON);
    assertEqual(localStorage.getItem('gotrue.user'), 'another client’s');
    assert(sessionStorage.getItem('gotrue.user')?.includes('access_token'), 'in the tab');
    assertEqual((await inMode(site, 'tab').authenticate({})).name, 'Ann');
    await backend.logout();
    assertEqual(sessionStorage.getItem('gotrue.user'), null);
  });

  it('is kept nowhere where the site wants that, and renewed all the same', async () => {
    const site = openSite();
    site.lifetime = 0;
    const backend = inMode(site, 'memory');
    await backend.authenticate(PERSON);
    assertEqual(
      [localStorage.getItem('gotrue.user'), sessionStorage.getItem('gotrue.user')],
      [null, null],
    );
    assert((await numberOf(backend)) > 1, 'a renewed token');
    const error = await rejection(inMode(site, 'memory').authenticate({}));
    assertEqual(error.kind, 'Unauthenticated');
  });
});

/** The class that a CMS is given. */
function registered(site: Site, session: 'tab' | 'memory') {
  let found: (new (config: object) => Backend) | undefined;
  const CMS = {
    registerBackend(name: string, Class: unknown) {
      if (name === 'git-gateway') found = Class as typeof found;
    },
  };
  const options = { wasmURL: '/faults/faulty.wasm', fetch: site.fetch, core: {}, session };
  registerBackends(CMS, options);
  assert(found, 'a backend');
  return found;
}
