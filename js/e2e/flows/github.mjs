// Signing in to GitHub, and GitHub in trouble: it recovers by itself where it
// can, says what is wrong where it can't, and loses nothing.
import assert from 'node:assert/strict';
import { callGitHub, REPOSITORY } from '../../../scripts/demo/github.mjs';

const TITLE = '03 Anchor on a calm day';
const POST = 'content/posts/post-03.md';

const fault = ({ hosts }, rule) => hosts.control.post('faults', rule);

const noMoreFaults = ({ hosts }) => hosts.control.delete('faults');

/** How many commits a branch has. */
async function commitsOf({ hosts, token }, branch = 'main') {
  const path = `/repos/${REPOSITORY}/commits?per_page=100&sha=${branch}`;
  return (await callGitHub(hosts, token, 'GET', path)).length;
}

const addToken = ({ hosts }, login, value, scopes) =>
  hosts.control.post('users', { login, tokens: [{ value, scopes }] });

async function edited({ cms }, title = 'Anchored') {
  await cms.signIn();
  await cms.openEntry('posts', 'post-03', TITLE);
  await cms.fill('Title', title);
}

/** What the sign-in page says of a token. */
async function refusalOf({ cms }, token) {
  await cms.open();
  await cms.login(token);
  const text = await cms.loginError();
  assert.ok(!text.includes(token), 'no message may have the token');
  return text;
}

export const signInFlows = {
  'a wrong token, then the right one': async (world) => {
    const { cms, token } = world;
    assert.match(await refusalOf(world, 'not-a-token'), /does not take the token.*Sign in again/);
    await cms.login(token);
    await cms.waitForHome();
  },

  'a token without the scope': async (world) => {
    await addToken(world, 'editor', 'ghp_reads', ['read:user']);
    assert.match(await refusalOf(world, 'ghp_reads'), /has not the scope .*“repo”/);
  },

  'an account without write access': async (world) => {
    const text = await refusalOf(world, world.hosts.tokens.contributor);
    assert.match(text, /contributor/);
    assert.match(text, /editor\/harbour/);
  },

  'a token that was revoked meanwhile': async (world) => {
    const { cms, page, hosts, token, store } = world;
    await edited(world);
    const head = await store.head();
    await hosts.control.delete('tokens', { value: token });
    await cms.pressPublish();
    assert.match(await cms.expectToast('error'), /does not take the token.*revoked/);
    assert.equal(await cms.input('Title').inputValue(), 'Anchored', 'what was typed must stay');
    assert.equal(await store.head(), head);
    await page.reload();
    await cms.loginButton().waitFor();
    const forgotten = () => page.evaluate(() => localStorage.getItem('static-cms-user') === null);
    await cms.until(forgotten, 'the session to be forgotten');
  },

  'GitHub out of reach': async (world) => {
    const { cms, token } = world;
    await fault(world, { cutBefore: true });
    assert.match(await refusalOf(world, token), new RegExp(new URL(world.hosts.github).host));
    await noMoreFaults(world);
    await cms.login(token);
    await cms.waitForHome();
  },
};

export const troubleFlows = {
  '502 while listing': async (world) => {
    const { cms, page, store } = world;
    await fault(world, { method: 'GET', path: '/repos/*/git/trees/*', status: 502, count: 1 });
    await fault(world, { operation: 'Blobs', status: 502, count: 1 });
    await cms.signIn();
    assert.ok((await cms.titles()).length >= 20);
    assert.equal(await page.locator('#mooring-notice').count(), 0, 'no error is to be shown');
    const refused = (await store.requests()).filter(({ status }) => status === 502);
    assert.equal(refused.length, 2);
  },

  'a lost answer to a save': async (world) => {
    const { cms, store } = world;
    await edited(world);
    const before = await commitsOf(world);
    await fault(world, { operation: 'Commit', cutAfter: true, count: 1 });
    await cms.publish();
    assert.match(await store.read(POST), /title: Anchored/);
    assert.equal(await commitsOf(world), before + 1);
  },

  'lost answers to a first draft': async (world) => {
    const { cms, store } = world;
    await edited(world);
    await fault(world, { method: 'POST', path: '*/git/refs', cutAfter: true, count: 1 });
    await fault(world, { operation: 'Commit', cutAfter: true, count: 1 });
    await fault(world, { method: 'POST', path: '*/pulls', cutAfter: true, count: 1 });
    await cms.saveDraft();
    assert.match(await store.read(POST, 'cms/posts/post-03'), /title: Anchored/);
    assert.equal(await commitsOf(world, 'cms/posts/post-03'), (await commitsOf(world)) + 1);
    const pulls = await callGitHub(world.hosts, world.token, 'GET', `/repos/${REPOSITORY}/pulls`);
    assert.equal(pulls.length, 1);
  },

  '429 with Retry-After': async (world) => {
    const { cms, page } = world;
    const path = '/repos/*/git/trees/*';
    await fault(world, { method: 'GET', path, status: 429, retryAfter: 4000, count: 1 });
    await cms.open();
    await cms.login();
    const notice = page.locator('#mooring-waiting');
    await notice.filter({ hasText: 'GitHub' }).waitFor();
    assert.equal(await cms.row().count(), 0, 'nothing can have been listed yet');
    await cms.waitForHome();
    await notice.waitFor({ state: 'detached' });
  },

  "somebody else's commit between opening and saving": async (world) => {
    const { cms, store } = world;
    await edited(world);
    const theirs = (await store.read(POST)).replace(TITLE, 'Their title');
    await store.commit({ [POST]: theirs });
    const head = await store.head();
    await cms.pressPublish();
    const message = await cms.expectToast('error');
    assert.ok(message.includes(POST), `"${message}" must name the file`);
    assert.equal(await cms.input('Title').inputValue(), 'Anchored', 'what was typed must stay');
    assert.equal(await store.read(POST), theirs);
    assert.equal(await store.head(), head);
  },

  "somebody else's commit to another file": async (world) => {
    const { cms, store } = world;
    await edited(world);
    await store.commit({ 'content/posts/post-04.md': '---\ntitle: Theirs\n---\n' });
    await cms.publish();
    assert.match(await store.read(POST), /title: Anchored/);
    assert.match(await store.read('content/posts/post-04.md'), /title: Theirs/);
  },

  'a network error while opening and saving': async (world) => {
    const { cms, store } = world;
    await cms.signIn();
    const [before, head] = [await store.read(POST), await store.head()];
    // What was listed is kept; a file that changed since has to be read.
    await store.commit({ [POST]: before.replace(TITLE, 'Changed meanwhile') });
    await fault(world, { cutBefore: true });
    await cms.go('/collections/posts/entries/post-03');
    await cms.expectToast('error');
    await noMoreFaults(world);
    await cms.openCollection('posts', 'Posts');
    await cms.openEntry('posts', 'post-03', 'Changed meanwhile');
    await cms.fill('Title', 'Anchored');
    const changed = await store.head();
    assert.notEqual(changed, head);

    await fault(world, { cutBefore: true });
    await cms.pressPublish();
    await cms.expectToast('error');
    assert.equal(await cms.input('Title').inputValue(), 'Anchored', 'what was typed must stay');
    assert.equal(await store.head(), changed);
    await noMoreFaults(world);
    await cms.publish();
    assert.equal(await store.read(POST), before.replaceAll(`title: ${TITLE}`, 'title: Anchored'));
  },
};

/** A picture is there when the browser has decoded it. */
const isShown = (image) => image.evaluate((img) => img.complete && img.naturalWidth > 0);

export async function privateImages({ cms, page }) {
  await cms.signIn();
  await cms.openMedia();
  await cms.card('cover-1.png').waitFor();
  const inLibrary = cms.card('cover-1.png').locator('img');
  await cms.until(() => isShown(inLibrary), 'the picture in the media library');
  await cms.openEntry('posts', 'post-03', TITLE);
  const inEditor = cms.field('Cover image').locator('img');
  await cms.until(() => isShown(inEditor), 'the picture in the editor');
  assert.equal(await page.locator('#mooring-notice').count(), 0);
}
