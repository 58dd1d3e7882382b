// Links from the identity service's mails, without Netlify's widget, and where the session is kept.
import assert from 'node:assert/strict';
import { assertKeptOnlyIn, watchSecrets } from '../lib/secrets.mjs';
import { fault, noMoreFaults } from '../lib/troubles.mjs';

const EMAIL = 'ann@example.com';
const NEW = 'a quiet harbour';

const addPerson = ({ hosts }, more) =>
  hosts.control.post('gateway/people', { email: EMAIL, roles: ['editor'], ...more });

const withPassword = { password: 'correct horse' };

/** The token of the last mail, whose kind must be that. */
async function mailed({ hosts }, kind, to = EMAIL) {
  const mail = (await hosts.control.get('gateway/mails')).at(-1);
  assert.deepEqual([mail?.kind, mail?.to], [kind, to]);
  return mail.token;
}

/** Follows a link, and finds its token in the address no more. */
async function follow({ page, cms }, kind, token, slash = '') {
  await page.goto('about:blank'); // Another fragment alone would load nothing.
  await page.goto(`${cms.address}#${slash}${kind}_token=${token}`);
  await cms.loginButton().or(page.getByLabel('New password')).first().waitFor();
  assert.ok(!page.url().includes(token), 'the token must be taken out of the address');
}

const save = ({ page }) => page.getByRole('button', { name: 'Save and sign in' }).click();

async function choose(world, password) {
  await world.page.getByLabel('New password').fill(password);
  await world.page.keyboard.press('Enter');
}

const saysSpent = async ({ cms }) =>
  assert.match(await cms.loginError(), /used before or has expired.*“Forgot your password\?”/);

/** What the session and the link had must be where sessions are, and the link's token nowhere. */
async function clean(world, seen, token) {
  await assertKeptOnlyIn(['localStorage'], world, seen);
  const kept = await world.page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, history.state]),
  );
  assert.ok(![kept, ...world.log].join('\n').includes(token), 'nothing must keep the link');
  assert.ok(!kept.includes(NEW), 'nothing must keep the password');
}

async function invited(world) {
  const { cms, page } = world;
  await addPerson(world, { invited: true });
  const token = await mailed(world, 'invite');
  await follow(world, 'invite', token);
  const seen = watchSecrets(world);
  await choose(world, 'short');
  assert.match(await cms.loginError(), /too short.*at least 8/);
  await page.getByLabel('Show the password').check();
  assert.equal(await page.getByLabel('New password').getAttribute('type'), 'text');
  await choose(world, NEW);
  await cms.waitForHome();
  await clean(world, seen, token);
  await cms.signOut();
  await cms.login({ email: EMAIL, password: NEW });
  await cms.waitForHome();
}

async function forgotten(world) {
  const { cms, page, hosts } = world;
  await addPerson(world, withPassword);
  await cms.open();
  await page.getByLabel('E-mail address').fill('nobody@example.com');
  await page.getByRole('button', { name: 'Forgot your password?' }).click();
  await page.getByRole('button', { name: 'Send the link' }).click();
  const told = page.getByText('If there is an account with this address');
  await told.waitFor();
  const toNobody = await told.textContent();
  assert.deepEqual(await hosts.control.get('gateway/mails'), []);
  // The second time is so soon that the service says no: to somebody only, so nobody may see it.
  for (let time = 0; time < 2; time++) {
    await page.getByLabel('E-mail address').fill(EMAIL);
    await page.keyboard.press('Enter');
    await page
      .getByRole('button', { name: 'Send the link' })
      .and(page.locator(':enabled'))
      .waitFor();
    await told.waitFor();
    assert.equal(await told.textContent(), toNobody);
  }
  assert.equal((await hosts.control.get('gateway/mails')).length, 1);
  const token = await mailed(world, 'recovery');
  await follow(world, 'recovery', token, '/');
  const seen = watchSecrets(world);
  await page.getByText('Choose a new password for your account.').waitFor();
  await choose(world, NEW);
  await cms.waitForHome();
  await clean(world, seen, token);
  await cms.signOut();
  await cms.login({ email: EMAIL, password: NEW });
  await cms.waitForHome();
}

/** What fails at the service leaves the link as good as it was. */
async function inTrouble(world) {
  const { cms, page } = world;
  await addPerson(world, { invited: true });
  await follow(world, 'invite', await mailed(world, 'invite'));
  await fault(world, { path: '/.netlify/identity/verify', status: 503 });
  await choose(world, NEW);
  assert.match(await cms.loginError(), /identity service at .* in trouble: it answered 503/);
  await noMoreFaults(world);
  await save(world);
  await cms.waitForHome();
  await page.reload();
  await cms.waitForHome();
}

async function spent(world) {
  const { cms, page, account } = world;
  await addPerson(world, { invited: true });
  const token = await mailed(world, 'invite');
  await follow(world, 'invite', token);
  await choose(world, NEW);
  await cms.waitForHome();
  await cms.signOut();
  await follow(world, 'invite', token);
  await choose(world, NEW);
  await saysSpent(world);
  for (const kind of ['recovery', 'confirmation']) {
    await follow(world, kind, token);
    await saysSpent(world);
  }
  await cms.login(account);
  await cms.waitForHome();
  await page.reload();
  await cms.waitForHome();
}

/** Asks the identity service as the page could; answers what it answers. */
const atService = ({ page, hosts }, method, path, body, token) =>
  page.evaluate(
    async ([url, method, body, token]) => {
      const headers = token ? { Authorization: `Bearer ${token}` } : {};
      const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}`);
      return answer.json();
    },
    [hosts.api.replace(/git$/, 'identity') + path, method, body, token],
  );

async function confirmed(world) {
  const { cms, hosts } = world;
  await cms.open();
  await atService(world, 'POST', '/signup', { email: EMAIL, ...withPassword });
  await hosts.control.post('gateway/roles', { email: EMAIL, roles: ['editor'] });
  const token = await mailed(world, 'confirmation');
  await cms.login({ email: EMAIL, ...withPassword });
  assert.match(await cms.loginError(), /not confirmed yet/);
  const seen = watchSecrets(world);
  await follow(world, 'confirmation', token);
  await cms.waitForHome();
  await clean(world, seen, token);
}

/** The new address counts only for who can still sign in with the old one. */
async function newAddress(world) {
  const { cms, page, hosts } = world;
  await addPerson(world, withPassword);
  await cms.open();
  const { jwt } = await hosts.control.post('gateway/jwt', { email: EMAIL, lifetime: 60_000 });
  const to = 'ann@new.example.com';
  await atService(world, 'PUT', '/user', { email: to }, jwt);
  const token = await mailed(world, 'email_change', to);
  await follow(world, 'email_change', token);
  await page.getByText('Sign in with the e-mail address that you have had so far').waitFor();
  const seen = watchSecrets(world);
  await cms.login({ email: EMAIL, ...withPassword });
  await cms.waitForHome();
  await clean(world, seen, token);
  const user = await page.evaluate(() => localStorage.getItem('static-cms-user'));
  assert.ok(user.includes(to), 'they must be signed in with the new address');
  await follow(world, 'email_change', token);
  assert.match(await cms.loginError(), /was not changed.*had so far/);
  await cms.login({ email: to, ...withPassword });
  await cms.waitForHome();
}

const inMode = (session, places, survives) => ({
  world: { host: 'git-gateway', register: { session } },
  body: async (world) => {
    const { cms, page } = world;
    const seen = watchSecrets(world);
    await cms.signIn();
    await assertKeptOnlyIn(places, world, seen);
    await page.reload();
    if (!survives) return page.getByLabel('Password', { exact: true }).waitFor();
    await cms.waitForHome();
    await cms.signOut();
    await assertKeptOnlyIn([], world, seen);
  },
});

const gateway = { host: 'git-gateway' };

export const accountFlows = {
  'an invitation: a password, and in': { world: gateway, body: invited },
  'a forgotten password: a mail, a new one, and in': { world: gateway, body: forgotten },
  'a confirmed address: in': { world: gateway, body: confirmed },
  'a new address, confirmed with the old one': { world: gateway, body: newAddress },
  'links that are spent': { world: gateway, body: spent },
  'a link while the service is in trouble': { world: gateway, body: inTrouble },
  'session: tab': inMode('tab', ['sessionStorage'], true),
  'session: memory': inMode('memory', [], false),
};
