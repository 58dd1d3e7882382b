/** Where and how people sign in, by the configuration. */

import { type Host, type OAuthSettings, oauthOf } from '../src/oauth/settings.js';
import type { BackendConfig } from '../src/types.js';
import { assert, assertEqual, rejection } from './assert.js';
import { settingsOf } from './oauthpage.js';

const app_id = 'app';

type Want = Partial<OAuthSettings>;

const cases: [string, Host, BackendConfig, Want][] = [
  [
    'GitHub at Netlify’s service',
    'github',
    {},
    {
      ways: ['popup', 'token'],
      origin: 'https://api.netlify.com',
      authorize_url: 'https://api.netlify.com/auth',
      token_url: 'https://api.netlify.com/auth/refresh',
      site_id: 'site.example',
      scope: 'repo',
    },
  ],
  [
    'GitHub at a service of one’s own',
    'github',
    {
      base_url: 'https://auth.example/',
      auth_endpoint: '/oauth/begin/',
      site_domain: 'www.x.example',
    },
    {
      authorize_url: 'https://auth.example/oauth/begin',
      token_url: 'https://auth.example/oauth/begin/refresh',
      site_id: 'www.x.example',
    },
  ],
  [
    'a service below a path',
    'github',
    { base_url: 'https://x.example/prod' },
    { authorize_url: 'https://x.example/prod/auth', origin: 'https://x.example' },
  ],
  [
    'a service with a query',
    'github',
    { base_url: 'https://x.example', auth_endpoint: 'auth?tenant=1' },
    {
      authorize_url: 'https://x.example/auth?tenant=1',
      token_url: 'https://x.example/auth/refresh?tenant=1',
    },
  ],
  ['GitHub, with forks', 'github', { open_authoring: true }, { scope: 'public_repo' }],
  ['GitHub, with a scope', 'github', { auth_scope: 'public_repo' }, { scope: 'public_repo' }],
  [
    'GitHub, which has no PKCE for pages',
    'github',
    { auth_type: 'pkce', app_id },
    { ways: ['popup', 'token'] },
  ],
  [
    'GitHub behind a server with PKCE',
    'github',
    { auth_type: 'pkce', app_id, base_url: 'https://x.example' },
    {
      ways: ['pkce', 'token'],
      authorize_url: 'https://x.example/login/oauth/authorize',
      token_url: 'https://x.example/login/oauth/access_token',
    },
  ],
  ['Bitbucket at Netlify’s service', 'bitbucket', {}, { ways: ['popup', 'token'], scope: 'repo' }],
  [
    'Bitbucket itself',
    'bitbucket',
    { auth_type: 'implicit', app_id },
    {
      ways: ['implicit', 'token'],
      authorize_url: 'https://bitbucket.org/site/oauth2/authorize',
      scope: 'repository:write',
    },
  ],
  ['GitLab without anything', 'gitlab', {}, { ways: ['token'], authorize_url: '', origin: '' }],
  [
    'GitLab itself',
    'gitlab',
    { auth_type: 'pkce', app_id },
    {
      ways: ['pkce', 'token'],
      authorize_url: 'https://gitlab.com/oauth/authorize',
      token_url: 'https://gitlab.com/oauth/token',
      scope: 'api',
    },
  ],
  ['GitLab with an ID alone', 'gitlab', { app_id }, { ways: ['pkce', 'token'] }],
  [
    'GitLab, implicit',
    'gitlab',
    { auth_type: 'implicit', app_id },
    { ways: ['implicit', 'token'] },
  ],
  [
    'a GitLab of one’s own',
    'gitlab',
    {
      app_id: 7 as unknown as string,
      base_url: 'https://git.example/lab',
      api_root: 'https://git.example/lab/api/v4',
    },
    {
      ways: ['pkce', 'token'],
      app_id: '7',
      authorize_url: 'https://git.example/lab/oauth/authorize',
    },
  ],
  [
    'GitLab at a service',
    'gitlab',
    { base_url: 'https://auth.example' },
    { ways: ['popup', 'token'], authorize_url: 'https://auth.example/auth', scope: 'api' },
  ],
  [
    'a GitLab of one’s own without an ID',
    'gitlab',
    { base_url: 'https://git.example', api_root: 'https://git.example/api/v4' },
    { ways: ['token'] },
  ],
  [
    'a service beside GitLab',
    'gitlab',
    {
      base_url: 'https://git.example',
      api_root: 'https://git.example/api/v4',
      auth_endpoint: 'auth',
    },
    { ways: ['popup', 'token'] },
  ],
  [
    'Gitea by its server',
    'gitea',
    { app_id, base_url: 'https://git.example/' },
    {
      ways: ['pkce', 'token'],
      authorize_url: 'https://git.example/login/oauth/authorize',
      token_url: 'https://git.example/login/oauth/access_token',
      scope: 'repository',
    },
  ],
  [
    'Gitea by its API',
    'gitea',
    { app_id, api_root: 'https://git.example/tea/api/v1/' },
    { authorize_url: 'https://git.example/tea/login/oauth/authorize' },
  ],
  ['Gitea without an ID', 'gitea', { base_url: 'https://git.example' }, { ways: ['token'] }],
  [
    'Gitea at a service',
    'gitea',
    { base_url: 'https://auth.example', api_root: 'https://git.example/api/v1' },
    { ways: ['popup', 'token'], authorize_url: 'https://auth.example/auth' },
  ],
  [
    'paths of one’s own',
    'gitlab',
    { app_id, auth_endpoint: 'a/b', auth_token_endpoint: '/c' },
    { authorize_url: 'https://gitlab.com/a/b', token_url: 'https://gitlab.com/c' },
  ],
  [
    'a server on this machine',
    'github',
    { base_url: 'http://localhost:3000' },
    { origin: 'http://localhost:3000' },
  ],
];

describe('the sign-in settings of a configuration', () => {
  for (const [name, host, config, want] of cases)
    it(`are ${name}`, () => {
      const got = settingsOf(host, config);
      assertEqual(Object.fromEntries(Object.keys(want).map((k) => [k, Reflect.get(got, k)])), want);
    });

  it('know a site on this machine as Netlify’s', () => {
    for (const hostname of ['localhost', '127.0.0.1'])
      assertEqual(
        oauthOf('github', {}, { protocol: 'http:', hostname }).site_id,
        'cms.netlify.com',
      );
  });

  it('let a page without protection have a server without it', () => {
    const config = { base_url: 'http://git.lan', app_id };
    const page = { protocol: 'http:', hostname: 'cms.lan' };
    assertEqual(oauthOf('gitea', config, page).origin, 'http://git.lan');
  });
});

describe('a wrong sign-in setting', () => {
  const wrong: [Host, BackendConfig, RegExp][] = [
    ['github', { base_url: 'auth.example' }, /^backend\.base_url is "auth.example": it must be/],
    ['github', { base_url: 'javascript:alert(1)' }, /^backend\.base_url/],
    ['github', { base_url: 'https://auth.example?x=1' }, /^backend\.base_url/],
    ['github', { base_url: 'https://me:pass@auth.example' }, /^backend\.base_url/],
    ['github', { base_url: ['x'] as unknown as string }, /^backend\.base_url/],
    ['github', { base_url: 'http://auth.example' }, /^backend\.base_url begins with http:/],
    ['github', { base_url: 'http://localhost.evil.example' }, /begins with http:/],
    ['gitea', { app_id, api_root: 'git.example/api/v1' }, /^backend\.api_root is "git.example/],
    ['gitea', { app_id }, /^backend\.base_url is missing/],
    ['gitlab', { auth_type: 'pkce' }, /^backend\.app_id is missing.*“pkce”.*GitLab/],
    ['bitbucket', { auth_type: 'implicit' }, /^backend\.app_id is missing/],
    ['gitlab', { auth_type: 'magic' }, /^backend\.auth_type is “magic”/],
    ['gitlab', { app_id: {} }, /^backend\.app_id is \{\}: it must be a text/],
  ];
  for (const [host, config, says] of wrong)
    it(`is named: ${host} ${JSON.stringify(config)}`, async () => {
      const error = await rejection((async () => settingsOf(host, config))());
      assertEqual(error.kind, 'Invalid');
      assert(says.test(error.message), `${says} in '${error.message}'`);
    });
});
