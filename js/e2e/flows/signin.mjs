// Signing in with a token, and what becomes of the session.
import assert from 'node:assert/strict';
import { edited, fault, noMoreFaults, refusalOf } from '../lib/troubles.mjs';

export const signInFlows = {
  'a wrong token, then the right one': async (world) => {
    const { cms, account } = world;
    assert.match(await refusalOf(world, 'not-a-token'), /does not take the token.*Sign in again/);
    await cms.login(account);
    await cms.waitForHome();
  },

  'a token without the scope': async (world) => {
    const { value, scopes, says } = world.wire.weakToken;
    const tokens = [{ value, scopes }];
    await world.hosts.control.post('users', { login: 'editor', tokens });
    assert.match(await refusalOf(world, value), says);
  },

  'an account without write access': async (world) => {
    const text = await refusalOf(world, world.hosts.tokens.contributor);
    assert.match(text, /contributor/);
    assert.ok(text.includes(world.repository), text);
  },

  'a token that was revoked meanwhile': async (world) => {
    const { cms, page, hosts, account, store } = world;
    await edited(world);
    const head = await store.head();
    await hosts.control.delete('tokens', { value: account });
    await cms.pressPublish();
    assert.match(await cms.expectToast('error'), /(does not take the|its) token.*revoked/);
    assert.equal(await cms.input('Title').inputValue(), 'Anchored', 'what was typed must stay');
    assert.equal(await store.head(), head);
    await page.reload();
    await cms.loginButton().waitFor();
    const forgotten = () => page.evaluate(() => localStorage.getItem('static-cms-user') === null);
    await cms.until(forgotten, 'the session to be forgotten');
  },

  'the host out of reach': async (world) => {
    const { cms, account } = world;
    await fault(world, { cutBefore: true });
    assert.match(await refusalOf(world, account), new RegExp(new URL(world.hosts.api).host));
    await noMoreFaults(world);
    await cms.login(account);
    await cms.waitForHome();
  },
};

/** On hosts that tell beforehand who may push: nobody, so nothing could be saved. */
export async function protectedBranch(world) {
  const { cms, hosts, repository, account } = world;
  const rule = { repository, branch: 'main' };
  await hosts.control.post('protection', { ...rule, restrictPushes: true, enforceAdmins: true });
  assert.match(await refusalOf(world, account), /“main”.*publish_mode/);
  await hosts.control.post('protection', { ...rule, off: true });
  await cms.login(account);
  await cms.waitForHome();
}
