// Signing in at the host itself, or at a service in a window of its own.
import assert from 'node:assert/strict';
import { assertKeptOnlyIn, placesOfTokens, watchSecrets } from '../lib/secrets.mjs';

/** The ways that each host has. */
export const WAYS = {
  github: ['popup'],
  gitlab: ['popup', 'pkce', 'implicit'],
  gitea: ['popup', 'pkce'],
  forgejo: ['pkce'],
  bitbucket: ['popup', 'implicit'],
};

const server = ({ hosts }, settings) => hosts.control.post('oauth', settings);

async function press({ cms }, route = '') {
  await cms.open(route);
  await cms.loginButton().click();
}

/** What the sign-in page says after a try that fails; the next one must do. */
async function refused(world, settings, mended) {
  const { cms } = world;
  await server(world, settings);
  await press(world);
  const text = await cms.loginError();
  await server(world, mended);
  await cms.loginButton().click();
  await cms.waitForHome();
  return text;
}

const fails = (settings, mended, says) => async (world) => {
  assert.match(await refused(world, settings, mended), says);
};

/** On each way of each host. */
export const signsIn = async (world) => {
  const { cms, page } = world;
  const seen = watchSecrets(world);
  await press(world);
  await cms.waitForHome();
  await assertKeptOnlyIn(['localStorage'], world, seen);
  await page.reload();
  await cms.waitForHome();
  await cms.signOut();
  await assertKeptOnlyIn([], world, seen);
  await page.reload();
  await cms.loginButton().waitFor();
};

const inMode = (session, places, survives) => ({
  world: { host: 'gitlab', oauth: 'pkce', register: { session } },
  body: async (world) => {
    const { cms, page } = world;
    const seen = watchSecrets(world);
    await press(world);
    await cms.waitForHome();
    await assertKeptOnlyIn(places, world, seen);
    await page.reload();
    if (!survives) return cms.loginButton().waitFor();
    await cms.waitForHome();
    await cms.signOut();
    await assertKeptOnlyIn([], world, seen);
  },
});

/** The host takes none of the tokens any more; what renews them is good. */
async function renews(world) {
  const { cms, page, hosts, store } = world;
  await server(world, { tokenLifetime: 3600_000, rotate: true });
  const seen = watchSecrets(world);
  await press(world);
  await cms.waitForHome();
  await cms.openEntry('posts', 'post-03', '03 Anchor on a calm day');
  await cms.fill('Title', 'Anchored');
  await hosts.control.post('oauth/revoke', { login: 'editor', keepRefresh: true });
  await cms.publish();
  assert.match(await store.read('content/posts/post-03.md'), /Anchored/);
  assert.equal((await hosts.control.get('oauth')).refreshes, 1);
  assert.ok(seen.tokens.size >= 2);
  await page.reload();
  await cms.input('Title').waitFor();
}

/** One clear sentence, and nothing that was typed is lost. */
async function ends(world) {
  const { cms, hosts } = world;
  await server(world, { tokenLifetime: 3600_000 });
  await press(world);
  await cms.waitForHome();
  await cms.openEntry('posts', 'post-03', '03 Anchor on a calm day');
  await cms.fill('Title', 'Anchored');
  await hosts.control.post('oauth/revoke', { login: 'editor' });
  await cms.pressPublish();
  assert.match(await cms.expectToast('error'), /session has ended. Sign in again/);
  assert.equal(await cms.input('Title').inputValue(), 'Anchored');
}

async function blocked(world) {
  const { cms, page } = world;
  await page.addInitScript(() => {
    window.open = () => null;
  });
  await press(world);
  assert.match(await cms.loginError(), /Allow pop-ups/);
}

async function keepsTheLink({ cms, page }) {
  await cms.open('/media');
  const before = page.url();
  await cms.loginButton().click();
  await page.getByTestId('login-button').waitFor({ state: 'detached' });
  await page.waitForURL(before);
}

/** Whoever has the page open may take another way while a window is. */
async function tokenInstead(world) {
  const { cms, page, hosts } = world;
  await server(world, { answer: 'ask' });
  const opened = page.waitForEvent('popup');
  await press(world);
  await opened;
  await cms.login(hosts.tokens.editor);
  await cms.waitForHome();
}

/** A window of another origin is not believed, whatever it says. */
async function strange(world) {
  const { cms, page } = world;
  await server(world, broker({ otherOrigin: true }));
  const opened = page.waitForEvent('popup');
  await press(world);
  const popup = await opened;
  assert.match(await cms.loginError(), /another address|other origin|localhost/);
  await popup.close();
  await server(world, broker({ otherOrigin: false }));
  await cms.until(() => cms.loginButton().isEnabled(), 'the button to be free again');
  await cms.loginButton().click();
  await cms.waitForHome();
}

/** An address that was signed in with once is good for nothing. */
async function replayed(world) {
  const { cms, page } = world;
  const back = page.waitForRequest((request) => /[?&]code=/.test(request.url()));
  await press(world);
  const url = (await back).url();
  await cms.waitForHome();
  await cms.signOut();
  await page.goto(url);
  assert.match(await cms.loginError(), /finished already/);
  assert.doesNotMatch(page.url(), /code=/);
}

/** Many requests at once find their token refused, in two tabs. */
async function renewsOnce(world) {
  const { cms, page, context, hosts } = world;
  await server(world, { tokenLifetime: 3600_000, rotate: true });
  await press(world);
  await cms.waitForHome();
  const second = await context.newPage();
  await second.goto(page.url());
  await second.locator('.CMS_Entries_entry-listing-table-row').first().waitFor();
  await hosts.control.post('oauth/revoke', { login: 'editor', keepRefresh: true });
  for (const tab of [page, second])
    await tab.evaluate(() => {
      window.location.hash = '/collections/docs';
    });
  for (const tab of [page, second]) await tab.getByText('Guide').first().waitFor();
  assert.equal((await hosts.control.get('oauth')).refreshes, 1);
}

/** By this machine's clock everything ended a day ago. */
async function wrongClock(world) {
  const { cms, page, hosts } = world;
  await server(world, { tokenLifetime: 7200_000 });
  await press(world);
  await cms.waitForHome();
  await page.clock.setSystemTime(Date.now() + 86_400_000);
  await page.reload();
  await cms.waitForHome();
  assert.ok((await hosts.control.get('oauth')).refreshes <= 1);
}

const popup = { host: 'github', oauth: 'popup' };
const pkce = { host: 'gitlab', oauth: 'pkce' };
const broker = (settings) => ({ broker: settings });

/** Each leaves tokens, if any, where the CMS keeps them, and nowhere else. */
const FLOWS = {
  'a popup that is blocked': { world: popup, body: blocked },
  'a popup that is closed': {
    world: popup,
    body: fails(broker({ closes: true }), broker({ closes: false }), /was closed/),
  },
  'a service that signs in elsewhere': {
    world: popup,
    body: fails(broker({ otherProvider: true }), broker({ otherProvider: false }), /not to GitHub/),
  },
  'a service that fails': {
    world: popup,
    body: fails(broker({ error: 'No such site.' }), broker({ error: '' }), /No such site/),
  },
  'a token while a popup is open': { world: popup, body: tokenInstead },
  'a message from another origin': { world: popup, body: strange },
  'access denied to a service': {
    world: popup,
    body: fails({ answer: 'deny' }, { answer: 'approve' }, /did not allow/),
  },
  'access denied': {
    world: pkce,
    body: fails({ answer: 'deny' }, { answer: 'approve' }, /did not allow/),
  },
  'a state that nobody gave': {
    world: pkce,
    body: fails({ wrongState: true }, { wrongState: false }, /not begun in this tab/),
  },
  'a code for the second time': { world: pkce, body: replayed },
  'many requests in two tabs, one renewal': {
    world: { host: 'bitbucket', oauth: 'popup' },
    body: renewsOnce,
  },
  'a clock that is wrong by a day': { world: pkce, body: wrongClock },
  'a code that has expired': {
    world: pkce,
    body: fails({ codeLifetime: 1 }, { codeLifetime: 60_000 }, /[Ss]ign in again/),
  },
  'a web page in place of a token': {
    world: pkce,
    body: fails({ trouble: 'html' }, { trouble: '' }, /web page|token endpoint/),
  },
  'a token endpoint in trouble': {
    world: pkce,
    body: fails({ trouble: 'serverError' }, { trouble: '' }, /trouble|500/),
  },
  'a token endpoint that refuses': {
    world: pkce,
    body: fails({ trouble: 'badRequest' }, { trouble: '' }, /malformed|400/),
  },
  'a scope that was not granted': {
    world: pkce,
    body: fails({ scopes: ['read_user'] }, { scopes: ['api'] }, /scope “api”/),
  },
  'a deep link': { world: pkce, body: keepsTheLink },
  'a token that is renewed': { world: pkce, body: renews },
  'a token that a service renews': { world: { host: 'bitbucket', oauth: 'popup' }, body: renews },
  'a session that ends': { world: pkce, body: ends },
};

const inStorage = (body) => async (world) => {
  const seen = watchSecrets(world);
  await body(world);
  const places = await placesOfTokens(world, seen);
  assert.deepEqual(
    places.filter((place) => place !== 'localStorage'),
    [],
  );
};

export const oauthFlows = {
  ...Object.fromEntries(
    Object.entries(FLOWS).map(([name, { world, body }]) => [
      name,
      { world, body: inStorage(body) },
    ]),
  ),
  'a session in the tab': inMode('tab', ['sessionStorage'], true),
  'a session in memory': inMode('memory', [], false),
};
