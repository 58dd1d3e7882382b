/** Answers of token endpoints, and what becomes of them. */

import { grantOf, harmless, readGrant, requestGrant } from '../src/oauth/grant.js';
import { assert, assertEqual, rejection } from './assert.js';

const ENDPOINT = {
  name: 'token endpoint of GitLab',
  url: 'https://gitlab.example/oauth/token',
  keys: 'backend.base_url',
};

const json = (body: unknown, status = 200) => Response.json(body, { status });

describe('a grant', () => {
  const now = 1_000_000;
  const cases: [string, Record<string, unknown>, object | undefined][] = [
    ['the names of the RFC', { access_token: 'a', token_type: 'bearer' }, { token: 'a' }],
    ['the name of services', { token: 'a', provider: 'github' }, { token: 'a' }],
    [
      'what renews it, and its end',
      { access_token: 'a', refresh_token: 'r', expires_in: 7200 },
      { token: 'a', refresh_token: 'r', expires: now + 7_200_000, lifetime: 7_200_000 },
    ],
    [
      'an end in a fragment',
      { access_token: 'a', expires_in: '60' },
      { token: 'a', expires: now + 60_000, lifetime: 60_000 },
    ],
    ['no end that it has', { access_token: 'a', expires_in: 0 }, { token: 'a' }],
    ['no end that is none', { access_token: 'a', expires_in: 'soon' }, { token: 'a' }],
    ['scopes', { access_token: 'a', scope: 'repo,user' }, { token: 'a', scope: 'repo user' }],
    ['a list of scopes', { access_token: 'a', scopes: ['a', 'b'] }, { token: 'a', scope: 'a b' }],
    ['no token', { refresh_token: 'r' }, undefined],
    ['an empty token', { access_token: '' }, undefined],
    ['a token that is none', { access_token: { a: 1 } }, undefined],
  ];
  for (const [name, fields, want] of cases)
    it(`is read with ${name}`, () => assertEqual(grantOf(fields, now), want));
});

describe('an answer of a token endpoint', () => {
  const wrong: [string, Response, string, RegExp][] = [
    [
      'GitHub’s error with 200',
      json({ error: 'bad_verification_code', error_description: 'The code passed is incorrect.' }),
      'Unauthenticated',
      /has expired, or was used before\. Sign in again/,
    ],
    ['a code that is over', json({ error: 'invalid_grant' }, 400), 'Unauthenticated', /expired/],
    [
      'Gitea’s word for it',
      json({ error: 'unauthorized_client' }, 400),
      'Unauthenticated',
      /expired/,
    ],
    [
      'a confidential application at Gitea',
      json({ error: 'invalid_client', error_description: 'invalid empty client secret' }, 400),
      'Invalid',
      /registered as confidential.*turn “Confidential” off/,
    ],
    [
      'an application that is not known',
      json({ error: 'invalid_client', error_description: 'unknown client' }, 401),
      'Invalid',
      /does not take the application: “unknown client”\. Check backend\.app_id/,
    ],
    [
      'a redirect URI that is not known',
      json({ error: 'redirect_uri_mismatch', error_description: 'The redirect_uri MUST match' }),
      'Invalid',
      /add http:\/\/localhost.* to its redirect URIs/,
    ],
    ['trouble', new Response('<html>', { status: 500 }), 'Unknown', /in trouble: it answered 500/],
    ['too many requests', json({}, 429), 'RateLimited', /Wait a minute/],
    [
      'a web page',
      new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html; charset=utf-8' } }),
      'Invalid',
      /no token endpoint of GitLab at .*: the server answered with a web page \(200\)\. Check backend\.base_url/,
    ],
    ['something else', new Response('a=b'), 'Invalid', /something that is no JSON \(200\)/],
    ['JSON that says nothing', json(null), 'Invalid', /something that is no JSON/],
    ['no token', json({ token_type: 'bearer' }), 'Unknown', /answered without a token/],
    [
      'a token beside an error status',
      json({ access_token: 'glpat-secret1234567890' }, 403),
      'Unauthenticated',
      /did not sign you in \(403\)\. Sign in again/,
    ],
    [
      'a token beside an error',
      json({ access_token: 'secret', error: 'slow_down' }),
      'Unknown',
      /\(200\): “slow_down”/,
    ],
  ];
  for (const [name, response, kind, says] of wrong) {
    it(`is an error: ${name}`, async () => {
      const error = await rejection(readGrant(ENDPOINT, response));
      assertEqual(error.kind, kind);
      assert(says.test(error.message), `${says} in '${error.message}'`);
      assert(!error.message.includes('secret1'), 'no token in an error');
    });
  }

  it('is asked for with a form that needs no preflight', async () => {
    const asked: Request[] = [];
    const grant = await requestGrant(ENDPOINT, { code: 'c d' }, async (url, init) => {
      asked.push(new Request(url, init));
      return json({ access_token: 'a' });
    });
    assertEqual(grant, { token: 'a' });
    const [request] = asked as [Request];
    assertEqual([request.url, request.method], [ENDPOINT.url, 'POST']);
    assertEqual([await request.text(), request.credentials], ['code=c+d', 'omit']);
    const type = request.headers.get('content-type') ?? '';
    assert(type.startsWith('application/x-www-form-urlencoded'), type);
  });

  it('is missed where there is no way to the server', async () => {
    const lost = async () => Promise.reject(new TypeError('Failed to fetch'));
    const error = await rejection(requestGrant(ENDPOINT, { code: 'secret' }, lost));
    assertEqual(error.kind, 'Network');
    assert(/can't be reached.*\(CORS\)/.test(error.message), error.message);
    assert(!error.message.includes('secret'), 'no code in an error');
  });
});

it('leaves out of a reason what could be a secret', () => {
  assertEqual(
    harmless('Token gho_16C7e42F292c6912E7710c838347Ae178B4a  is "abcdefghijklmnop1".'),
    'Token … is "…"',
  );
  assertEqual(harmless('redirect_uri_mismatch'), 'redirect_uri_mismatch');
});
