// What only GitLab has: groups below groups, servers below a path, projects that say when
// something may be merged.
import assert from 'node:assert/strict';
import { edited, POST } from '../lib/troubles.mjs';
import { largeImages } from './images.mjs';
import { protectedBranch } from './signin.mjs';
import { publishFromBoard, workflowFlows } from './workflow.mjs';

const PUBLISHED = workflowFlows['from draft over review and ready to published'];

const nested = 'crew/sites/harbour';

async function belowAPath(world) {
  const { cms, hosts, page, store } = world;
  await cms.open();
  const link = page.getByRole('link', { name: 'Get a token' });
  const web = hosts.api.replace(/\/api\/v4$/, '');
  assert.match(web, /\/gitlab$/);
  const href = await link.getAttribute('href');
  assert.ok(href.startsWith(`${web}/-/user_settings/personal_access_tokens?`), href);
  await edited(world);
  await cms.publish();
  assert.match(await store.read(POST), /title: Anchored/);
  assert.ok(await store.isClean());
}

async function pipelineMustSucceed(world) {
  const { client, cms, hosts, repository, store } = world;
  const head = await store.head();
  const project = `/projects/${encodeURIComponent(repository)}`;
  await client.ask('PUT', project, { only_allow_merge_if_pipeline_succeeds: true });
  await edited(world);
  await cms.saveDraft();
  await hosts.control.post('statuses', {
    repository,
    ref: 'cms/posts/post-03',
    context: 'build',
    state: 'failure',
  });
  await cms.setStatus('Ready');
  await publishFromBoard(cms, 'Anchored');
  assert.match(await cms.expectToast('error'), /pipeline/i);
  assert.equal(await store.head(), head);
  await cms.boardCard('pending_publish', 'Anchored');
}

export const gitlabFlows = {
  'a project in nested groups': {
    world: { host: 'gitlab', repository: nested, workflow: true },
    body: PUBLISHED,
  },
  'a server below a path': {
    world: { host: 'gitlab', flags: ['--root=/gitlab'] },
    body: belowAPath,
  },
  'a pipeline that must succeed before a draft is published': {
    world: { host: 'gitlab', workflow: true },
    body: pipelineMustSucceed,
  },
  'a protected branch': { world: { host: 'gitlab' }, body: protectedBranch },
  'pictures in Git LFS': { world: { host: 'gitlab' }, body: largeImages },
};
