// What only Gitea and Forgejo have: servers that let no web pages in, and merges that have to
// wait until the server has looked at what was pushed.
import assert from 'node:assert/strict';
import { edited, fault, noMoreFaults, POST, refusalOf } from '../lib/troubles.mjs';
import { largeImages } from './images.mjs';
import { protectedBranch } from './signin.mjs';
import { publishFromBoard, workflowFlows } from './workflow.mjs';

const PUBLISHED = workflowFlows['from draft over review and ready to published'];

async function withoutCORS(world) {
  const { cms, hosts, account } = world;
  await fault(world, { noCORS: true });
  const text = await refusalOf(world, account);
  assert.ok(text.includes(new URL(hosts.api).host), text);
  assert.match(text, /\[cors\].*ENABLED.*ALLOW_DOMAIN/);
  await noMoreFaults(world);
  await cms.login(account);
  await cms.waitForHome();
}

/** The server answers a merge with “try again later” until it has looked at the last push. */
async function publishedAtOnce(world) {
  const { cms, hosts, store } = world;
  await hosts.control.post('settings', { mergeabilityPolls: 6 });
  await edited(world);
  await cms.saveDraft();
  await cms.setStatus('Ready');
  await publishFromBoard(cms, 'Anchored');
  await cms.expectToast('success');
  const isPublished = async () => /title: Anchored/.test(await store.read(POST));
  await cms.until(isPublished, 'the entry on main');
  const refused = (await store.requests()).filter(({ status }) => status === 405);
  assert.ok(refused.length > 0, 'the server must have been asked too early');
}

const gitea = { host: 'gitea' };

export const giteaFlows = {
  'a server that lets no web pages in': { world: gitea, body: withoutCORS },
  'a protected branch': { world: gitea, body: protectedBranch },
  'a draft published right after it was saved': {
    world: { ...gitea, workflow: true },
    body: publishedAtOnce,
  },
  'pictures in Git LFS': { world: gitea, body: largeImages },
  'a draft published on Gitea 1.22': {
    world: { ...gitea, flags: ['--version=1.22.0'], workflow: true },
    body: PUBLISHED,
  },
  'a draft published on Forgejo 9': {
    world: { host: 'forgejo', flags: ['--version=9.0.0'], workflow: true },
    body: PUBLISHED,
  },
};
