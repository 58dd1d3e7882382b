// What only Gitea and Forgejo have: servers that let no web pages in, and merges that have to
// wait until the server has looked at what was pushed.
import assert from 'node:assert/strict';
import { edited, fault, noMoreFaults, POST, refusalOf } from '../lib/troubles.mjs';
import { largeImages } from './images.mjs';
import { protectedBranch } from './signin.mjs';
import { publishFromBoard } from './workflow.mjs';

async function withoutCORS(world) {
  const { cms, hosts, token } = world;
  await fault(world, { noCORS: true });
  const text = await refusalOf(world, token);
  assert.ok(text.includes(new URL(hosts.api).host), text);
  assert.match(text, /\[cors\].*ENABLED.*ALLOW_DOMAIN/);
  await noMoreFaults(world);
  await cms.login(token);
  await cms.waitForHome();
}

/** The server answers a merge with “try again later” until it has looked at the last push. */
async function publishedAtOnce(world) {
  const { cms, hosts, store } = world;
  await edited(world);
  await cms.saveDraft();
  await cms.setStatus('Ready');
  await hosts.control.post('settings', { mergeabilityPolls: 2 });
  await cms.fill('Title', 'Anchored at last');
  await cms.saveDraft();
  await publishFromBoard(cms, 'Anchored at last');
  await cms.expectToast('success');
  const isPublished = async () => /title: Anchored at last/.test(await store.read(POST));
  await cms.until(isPublished, 'the entry on main');
  const refused = (await store.requests()).filter(({ status }) => status === 405);
  assert.ok(refused.length > 0, 'the server must have been asked too early');
}

export const giteaFlows = {
  'a server that lets no web pages in': { world: {}, body: withoutCORS },
  'a protected branch': { world: {}, body: protectedBranch },
  'a draft published right after it was saved': {
    world: { workflow: true },
    body: publishedAtOnce,
  },
  'pictures in Git LFS': { world: {}, body: largeImages },
};
