// What only Bitbucket has: uploads in the form of multipart, statuses among comments, API tokens
// that go with an e-mail address, merges that take their time.
import assert from 'node:assert/strict';
import { gradientPNG } from '../../../scripts/demo/png.mjs';
import { edited, POST } from '../lib/troubles.mjs';
import { failedLargeImage, largeImages } from './images.mjs';
import { protectedBranch } from './signin.mjs';
import { publishFromBoard } from './workflow.mjs';

/** A picture with all that an upload could trip over behind its end, where no decoder looks. */
const AWKWARD = Buffer.concat([
  gradientPNG(64, 64, [0, 128, 0], [0, 64, 0]),
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  Buffer.from(
    '\r\n--\r\n------WebKitFormBoundary\r\nContent-Disposition: form-data; name="message"\r\n\r\n',
  ),
  Buffer.from('\n\r\n\r\0'),
]);

async function exactUploads(world) {
  const { cms, page, store } = world;
  await cms.signIn();
  await cms.openMedia();
  await cms.upload({ name: 'awkward.png', mimeType: 'image/png', buffer: AWKWARD });
  await cms.until(() => store.has('static/images/awkward.png'), 'the upload to be saved');
  assert.deepEqual(await store.bytes('static/images/awkward.png'), AWKWARD);

  await cms.openEntry('posts', 'post-03', '03 Anchor on a calm day');
  await cms.field('Cover image').getByTestId('add-replace-upload').click();
  await page.locator('.CMS_MediaLibrary_root').waitFor();
  await cms.upload({ name: 'with the entry.png', mimeType: 'image/png', buffer: AWKWARD });
  await cms.card('with-the-entry.png').waitFor();
  await page.getByTestId('choose-selected').click();
  await cms.publish();
  assert.deepEqual(await store.bytes('static/images/with-the-entry.png'), AWKWARD);
  assert.ok(await store.isClean());
}

/** People talk, and name statuses while they do; the last comment that is one counts. */
async function amongComments(world) {
  const { client, cms, hosts, page, repository, store } = world;
  await edited(world);
  await cms.saveDraft();
  await cms.setStatus('In review');
  const [{ number }] = await client.pulls(repository);
  for (const text of ['A remark.', 'Should that be static-cms/draft?']) {
    const comment = { repository, number, author: 'contributor', text, count: 150 };
    await hosts.control.post('comments', comment);
  }
  await page.reload();
  await cms.go('/dashboard');
  await cms.boardCard('pending_review', 'Anchored');
  await cms.openEntry('posts', 'post-03', 'Anchored');
  await cms.setStatus('Ready');
  await publishFromBoard(cms, 'Anchored');
  await cms.expectToast('success');
  const isPublished = async () => /title: Anchored/.test(await store.read(POST));
  await cms.until(isPublished, 'the entry on main');
}

const DRAFTS = 60;

/** A page of Bitbucket's has fifty pull requests. */
async function manyDrafts(world) {
  const { client, cms, hosts, page, repository } = world;
  for (let i = 1; i <= DRAFTS; i++) {
    const branch = `cms/posts/draft-${i}`;
    const files = { [`content/posts/draft-${i}.md`]: { content: `---\ntitle: Draft ${i}\n---\n` } };
    const message = `Create Post “draft-${i}”`;
    await hosts.control.post('commits', { repository, branch, author: 'editor', message, files });
    const pull = { title: message, head: branch, body: 'A draft.' };
    await client.label(repository, await client.openPull(repository, pull), ['static-cms/draft']);
  }
  await cms.signIn();
  await cms.go('/dashboard');
  const cards = cms.column('draft').locator('[data-testid^="drag-handle-"]');
  await cms.until(async () => (await cards.count()) === DRAFTS, `${DRAFTS} drafts`, 60_000);
  assert.equal(await page.locator('#mooring-notice').count(), 0);
}

async function withEmail(world) {
  const { cms, page, hosts, store } = world;
  const scopes = ['user', 'repository', 'pullrequest'].flatMap((of) => [
    `read:${of}:bitbucket`,
    `write:${of}:bitbucket`,
  ]);
  const tokens = [{ value: 'ATATT-editor', scopes }];
  await hosts.control.post('users', { login: 'editor', email: 'erin@example.com', tokens });
  await cms.open();
  await cms.askForToken();
  await page.getByLabel(/^E-mail address/).fill('erin@example.com');
  await cms.login('ATATT-editor');
  await cms.waitForHome();
  await page.reload();
  await cms.openEntry('posts', 'post-03', '03 Anchor on a calm day');
  await cms.fill('Title', 'Anchored');
  await cms.publish();
  assert.match(await store.read(POST), /title: Anchored/);
}

/** Bitbucket hands long merges to a task. */
async function slowMerge(world) {
  const { cms, hosts, store } = world;
  await hosts.control.post('settings', { mergePolls: 3 });
  await edited(world);
  await cms.saveDraft();
  await cms.setStatus('Ready');
  await publishFromBoard(cms, 'Anchored');
  await cms.expectToast('success');
  assert.match(await store.read(POST), /title: Anchored/);
  assert.deepEqual(await store.branches(), ['main']);
}

const bitbucket = { host: 'bitbucket' };

export const bitbucketFlows = {
  'uploads arrive byte for byte': { world: bitbucket, body: exactUploads },
  'a status among hundreds of comments': {
    world: { ...bitbucket, workflow: true },
    body: amongComments,
  },
  'more drafts than a page has': { world: { ...bitbucket, workflow: true }, body: manyDrafts },
  'an API token with its e-mail address': { world: bitbucket, body: withEmail },
  'a merge that takes its time': { world: { ...bitbucket, workflow: true }, body: slowMerge },
  'a restricted branch': { world: bitbucket, body: protectedBranch },
  'pictures in Git LFS': { world: bitbucket, body: largeImages },
  'a picture that Git LFS does not take': { world: bitbucket, body: failedLargeImage },
};
