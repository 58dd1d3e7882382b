// A proxy server that is away or answers wrongly: a clear error that names it,
// and nothing shown as saved that isn't.
import assert from 'node:assert/strict';
import { POST_COUNT } from '../../../scripts/demo/content.mjs';
import { WRONG } from '../lib/relay.mjs';

const TITLE = '03 Anchor on a calm day';
const PATH = 'content/posts/post-03.md';

const host = (url) => new URL(url).host;

async function assertUnsaved({ cms, page, store }, head, server) {
  const message = await cms.expectToast('error');
  assert.ok(message.includes(server), `"${message}" must name ${server}`);
  await page
    .getByTestId('publish-dropdown')
    .filter({ hasText: /^Publish$/ })
    .waitFor();
  assert.equal(await cms.input('Title').inputValue(), 'Anchored', 'what was typed must stay');
  assert.equal(await store.head(), head);
}

const badSignIn = async ({ cms, relay }) => {
  await cms.open();
  for (const [name, answer] of Object.entries(WRONG)) {
    relay.wrong.set('info', answer);
    await cms.loginButton().click();
    await cms.until(async () => relay.done.length > 0, `a request (${name})`);
    const text = await cms.loginError();
    assert.ok(text.includes(host(relay.url)), `${name}: "${text}" must name the server`);
    relay.done.length = 0;
    await cms.loginButton().filter({ hasText: 'Login' }).waitFor();
  }
  relay.wrong.clear();
  await cms.loginButton().click();
  await cms.row().first().waitFor();
};

const badSave = async (world) => {
  const { cms, relay, store } = world;
  await cms.signIn();
  const head = await store.head();
  await cms.openEntry('posts', 'post-03', TITLE);
  await cms.fill('Title', 'Anchored');
  for (const answer of Object.values(WRONG)) {
    relay.wrong.set('persistEntry', answer);
    await cms.pressPublish();
    await assertUnsaved(world, head, host(relay.url));
  }
  relay.wrong.clear();
  await cms.publish();
  assert.match(await store.read(PATH), /title: Anchored/);
};

const diesInMidSave = async (world) => {
  const { cms, proxy, store } = world;
  await cms.signIn();
  const head = await store.head();
  await cms.openEntry('posts', 'post-03', TITLE);
  await cms.fill('Title', 'Anchored');
  await proxy.stop();
  await cms.pressPublish();
  await assertUnsaved(world, head, host(world.proxyURL));
  await world.startProxy();
  await cms.publish();
  assert.match(await store.read(PATH), /title: Anchored/);
};

const downAtSignIn = async (world) => {
  const { cms } = world;
  await cms.open();
  await cms.loginButton().click();
  const text = await cms.loginError();
  assert.ok(text.includes(host(world.proxyURL)), `"${text}" must name the server`);
  assert.match(text, /start/i, 'it must say what to do');
  await world.startProxy();
  await cms.loginButton().click();
  await cms.row().first().waitFor();
};

const badList = async ({ cms, page, relay }) => {
  await cms.open();
  relay.wrong.set('entriesByFolder', WRONG['a web page']);
  await cms.loginButton().click();
  const shown = page.getByRole('alert').filter({ hasText: host(relay.url) });
  await shown.first().waitFor();
  await cms.waitForNoSpinner();
  relay.wrong.clear();
  await page.reload();
  await cms.row().first().waitFor();
  assert.equal((await cms.scrollThrough(POST_COUNT)).length, POST_COUNT);
};

// Sorting reads everything at once; the CMS itself would wait for ever.
const badSort = async ({ cms, page, relay }) => {
  await cms.signIn();
  relay.wrong.set('entriesByFolder', WRONG['status 500']);
  await page.waitForTimeout(5500);
  await cms.menu('sort options dropdown', 'Title');
  await page
    .getByRole('alert')
    .filter({ hasText: host(relay.url) })
    .first()
    .waitFor();
  await cms.waitForNoSpinner();
};

const badDelete = async ({ cms, relay, store }) => {
  await cms.signIn();
  await cms.openEntry('posts', 'post-03', TITLE);
  for (const action of ['deleteFile', 'deleteFiles']) relay.wrong.set(action, WRONG['status 500']);
  await cms.deleteEntry();
  const message = await cms.expectToast('error');
  assert.ok(message.includes(host(relay.url)), `"${message}" must name the server`);
  assert.ok(await store.has(PATH));
};

const relayed = { host: 'proxy', relay: true };

export const badAnswers = {
  'proxy server down at sign-in, then started': {
    world: { host: 'proxy', startProxy: false },
    body: downAtSignIn,
  },
  'proxy server dying before a save': { world: { host: 'proxy' }, body: diesInMidSave },
  'wrong answers at sign-in': { world: relayed, body: badSignIn },
  'wrong answers to a save': { world: relayed, body: badSave },
  'wrong answer to a list': { world: relayed, body: badList },
  'wrong answer to sorting': { world: relayed, body: badSort },
  'wrong answer to a delete': { world: relayed, body: badDelete },
};
