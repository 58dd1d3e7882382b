// The built package in Node: no Worker, no window, the wasm read from its file.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBackend } from 'mooring';

test('lists what a seeded test repository has', async () => {
  globalThis.repoFiles = { posts: { 'a.md': { content: 'text' }, 'b.txt': { content: 'other' } } };
  const backend = createBackend('test-repo', { backend: { name: 'test-repo' } });
  const entries = await backend.entriesByFolder('posts', 'md', 1);
  assert.deepEqual(
    entries.map(({ data, file }) => [data, file.path]),
    [['text', 'posts/a.md']],
  );
  backend.dispose();
});

test('saves, and two backends keep apart', async () => {
  globalThis.repoFiles = { 'a.md': { content: 'first' } };
  const [one, two] = [1, 2].map(() => createBackend('test-repo', { backend: {} }));
  assert.equal((await two.getEntry('a.md')).data, 'first');
  await one.persistEntry(
    { dataFiles: [{ path: 'a.md', slug: 'a', raw: 'second' }], assets: [] },
    { commitMessage: 'save' },
  );
  assert.equal((await one.getEntry('a.md')).data, 'second');
  assert.equal((await two.getEntry('a.md')).data, 'first');
  one.dispose();
  two.dispose();
});

test('names a server that does not answer', async () => {
  const proxy_url = 'http://127.0.0.1:9/api/v1';
  const backend = createBackend('proxy', { backend: { proxy_url } });
  await assert.rejects(backend.authenticate({}), (error) => {
    assert.equal(error.kind, 'Network');
    assert.match(error.message, /http:\/\/127\.0\.0\.1:9/);
    return true;
  });
  backend.dispose();
});

test('says that a Worker can not be had', async () => {
  const backend = createBackend('test-repo', { backend: {} }, { thread: 'worker' });
  await assert.rejects(backend.status(), /could not start its Worker/);
  backend.dispose();
});

test('keeps the session of a gateway without a page', async () => {
  const claims = Buffer.from(JSON.stringify({ email: 'ann@example.com' })).toString('base64url');
  const access_token = `e30.${claims}.c2ln`;
  const answers = {
    '/identity/token': { access_token, refresh_token: 'r', expires_in: 3600 },
    '/github/git/ref/heads/main': { ref: 'refs/heads/main', object: { sha: 'a'.repeat(40) } },
  };
  const asked = [];
  const fetch = async (url, { headers } = {}) => {
    const { origin, pathname } = new URL(url);
    asked.push(pathname, new Headers(headers).get('Authorization'));
    const answer = origin === 'https://site.example' && answers[pathname];
    return Response.json(answer || { message: 'Not Found' }, { status: answer ? 200 : 404 });
  };
  const config = {
    gateway_url: 'https://site.example/github',
    identity_url: 'https://site.example/identity',
    large_media_url: 'https://site.example/media',
  };
  const backend = createBackend('git-gateway', { backend: config }, { fetch });
  const user = await backend.authenticate({ email: 'ann@example.com', password: 'p' });
  assert.equal(user.login, 'ann@example.com');
  assert.equal(await backend.getToken(), access_token);
  assert.ok(asked.includes(`Bearer ${access_token}`), 'the host must have been asked as Ann');
  backend.dispose();
});

test('names an address that needs a page to be whole', async () => {
  const backend = createBackend('git-gateway', { backend: {} });
  const attempt = backend.authenticate({ email: 'ann@example.com', password: 'p' });
  await assert.rejects(attempt, /backend\.gateway_url is "\/\.netlify\/git": it must be/);
  backend.dispose();
});
