// What only Git Gateway has: an identity service before the host, with sessions that are
// renewed, roles, and large media of its own.
import assert from 'node:assert/strict';
import { edited, POST, refusalOf } from '../lib/troubles.mjs';
import { accountFlows } from './gatewayaccount.mjs';
import { largeImages } from './images.mjs';

const arrange = ({ hosts }, what, values) => hosts.control.post(`gateway/${what}`, values);

const asked = async ({ store }, path) =>
  (await store.requests()).filter((r) => r.method !== 'OPTIONS' && r.path.endsWith(path));

async function wrongPassword(world) {
  const { cms, account } = world;
  const text = await refusalOf(world, { ...account, password: 'not-the-password' });
  assert.equal(text, 'InfoThe e-mail address or the password is wrong.');
  await cms.login();
  await cms.waitForHome();
}

/** The role is in the token: who is given one need not sign in again. */
async function withoutRole(world) {
  const { cms, page, kind, hosts } = world;
  const [, visitor] = kind.people(hosts);
  assert.match(await refusalOf(world, visitor), /visitor@example\.com .*role “editor”/);
  await arrange(world, 'roles', { email: visitor.email, roles: ['editor'] });
  await page.reload();
  await cms.waitForHome();
}

async function takenUpAfterReload(world) {
  const { cms, page } = world;
  await cms.signIn();
  await page.reload();
  await cms.waitForHome();
  assert.equal((await asked(world, '/identity/token')).length, 1);
  const stored = await page.evaluate(() => localStorage.getItem('static-cms-user'));
  assert.ok(!stored.includes('token'), 'what the CMS stores must have no token');
  await cms.signOut();
  assert.equal(await page.evaluate(() => localStorage.getItem('gotrue.user')), null);
  await page.reload();
  await page.getByLabel('Password').waitFor();
}

/** Tokens that live for so short that there is no long wait until they end. */
const SHORT = { lifetime: 4000 };
const untilTheyEnd = ({ page }) => page.waitForTimeout(SHORT.lifetime);

async function renewedMeanwhile(world) {
  const { cms, store } = world;
  await arrange(world, 'settings', SHORT);
  await edited(world);
  await untilTheyEnd(world);
  await cms.publish();
  assert.match(await store.read(POST), /title: Anchored/);
  assert.ok((await asked(world, '/identity/token')).length > 1, 'a token must have been renewed');
  const refused = (await store.requests()).filter(({ status }) => status === 401);
  assert.deepEqual(refused, [], 'it must have been renewed in time');
}

async function sessionEnded(world) {
  const { cms, page, store } = world;
  await arrange(world, 'settings', { ...SHORT, refreshLifetime: 1 });
  await edited(world);
  const head = await store.head();
  await untilTheyEnd(world);
  await cms.pressPublish();
  assert.match(await cms.expectToast('error'), /Your session has ended\. Sign in again\./);
  assert.equal(await cms.input('Title').inputValue(), 'Anchored', 'what was typed must stay');
  assert.equal(await store.head(), head);
  await page.reload();
  await page.getByLabel('Password').waitFor();
}

async function absentGateway(world) {
  const { cms, account } = world;
  for (const absence of ['sitePage', 'noPage', 'noConfig']) {
    await arrange(world, 'settings', { absence });
    const text = await refusalOf(world, account);
    assert.match(text, /There is no Git Gateway at http.*\/\.netlify\/git: .*Enable it/, absence);
  }
  await arrange(world, 'settings', { absence: '' });
  await cms.login();
  await cms.waitForHome();
}

async function authorOfCommits(world) {
  const { client, cms, repository } = world;
  const ann = { email: 'ann@example.com', password: 'correct horse' };
  await arrange(world, 'people', { ...ann, fullName: 'Ann Author', roles: ['editor'] });
  cms.account = ann;
  await edited(world);
  await cms.publish();
  const [{ author }] = await client.commits(repository, 'main');
  assert.equal(author, 'Ann Author');
}

async function largeMedia(world) {
  const { store } = world;
  const site = 'https://0ac8ecba-afbd-4599-b0ef-9aa2e8969a89.netlify.app';
  await store.commit({ '.lfsconfig': `[lfs]\n\turl = ${site}/.netlify/large-media\n` });
  await largeImages(world);
  const shown = (await store.requests()).filter(({ path }) => path.includes('/origin/'));
  assert.ok(shown.length > 0, 'large media must have been asked for the picture');
}

/** Netlify's passes nothing of Bitbucket but files; another one may pass more. */
async function workflowNotPassed(world) {
  const { cms, account } = world;
  assert.match(await refusalOf(world, account), /Bitbucket.*`publish_mode: simple`/);
  await arrange(world, 'settings', { edge: true });
  await cms.login();
  await cms.waitForHome();
}

const gateway = { host: 'git-gateway' };

export const gatewayFlows = {
  'a wrong password, then the right one': { world: gateway, body: wrongPassword },
  'an account without the role, then with it': { world: gateway, body: withoutRole },
  'a session that is taken up after a reload': { world: gateway, body: takenUpAfterReload },
  'a token that ends while somebody writes': { world: gateway, body: renewedMeanwhile },
  'a session that ends while somebody writes': { world: gateway, body: sessionEnded },
  'no gateway where one should be': { world: gateway, body: absentGateway },
  'who writes is the author': { world: gateway, body: authorOfCommits },
  'pictures in large media': { world: gateway, body: largeMedia },
  'a workflow that the gateway does not pass': {
    world: { host: 'git-gateway-bitbucket', workflow: true },
    body: workflowNotPassed,
  },
  ...accountFlows,
};
