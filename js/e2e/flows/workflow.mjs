import assert from 'node:assert/strict';

const POST = 'content/posts/post-03.md';
const OLD = '03 Anchor on a calm day';

async function editAsDraft(cms, title) {
  await cms.openEntry('posts', 'post-03', OLD);
  await cms.fill('Title', title);
  await cms.saveDraft();
}

/** Presses “publish” on an entry's card, and confirms it. */
export async function publishFromBoard(cms, title) {
  await cms.go('/dashboard');
  const card = await cms.boardCard('pending_publish', title);
  await card.getByTestId('workflow-dashboard-publish').click();
  await cms.confirm();
}

export const workflowFlows = {
  'from draft over review and ready to published': async ({ cms, page, store }) => {
    await cms.signIn();
    await editAsDraft(cms, 'Anchored well');
    assert.match(await store.read(POST), new RegExp(OLD), 'a draft must not be published');
    if (store.branches) {
      assert.ok((await store.branches()).includes('cms/posts/post-03'));
      assert.match(await store.read(POST, 'cms/posts/post-03'), /title: Anchored well/);
    }

    await cms.go('/dashboard');
    await cms.boardCard('draft', 'Anchored well');
    await page.getByText('Anchored well').first().click();
    await cms.waitForValue('Title', 'Anchored well');
    await cms.setStatus('In review');
    await cms.go('/dashboard');
    await cms.boardCard('pending_review', 'Anchored well');

    await cms.openEntry('posts', 'post-03', 'Anchored well');
    await cms.setStatus('Ready');
    await publishFromBoard(cms, 'Anchored well');
    await cms.expectToast('success');
    await cms.until(
      async () => /title: Anchored well/.test(await store.read(POST)),
      'the entry on main',
    );
    if (store.branches) assert.deepEqual(await store.branches(), ['main']);
    assert.ok(await store.isClean());
  },

  'saving a reviewed draft again keeps its status': async ({ cms, page, store }) => {
    await cms.signIn();
    await editAsDraft(cms, 'Anchored once');
    await cms.setStatus('In review');
    await cms.fill('Title', 'Anchored twice');
    await cms.saveDraft();
    await cms.openCollection('posts', 'Posts');
    await cms.openEntry('posts', 'post-03', 'Anchored twice');
    await cms.waitForStatus('In review');
    // Memory starts anew with the page; a repository has to remember.
    if (!store.branches) return;
    await page.reload();
    await cms.waitForValue('Title', 'Anchored twice');
    await cms.go('/dashboard');
    await cms.boardCard('pending_review', 'Anchored twice');
  },

  'a new entry, discarded': async ({ cms, store }) => {
    await cms.signIn();
    await cms.newEntry('posts');
    await cms.fill('Title', 'Only a thought');
    await cms.typeBody('Perhaps.');
    await cms.saveDraft();
    assert.equal(await store.has('content/posts/only-a-thought.md'), false);
    await cms.go('/dashboard');
    const card = await cms.boardCard('draft', 'Only a thought');
    await card.getByTestId('workflow-dashboard-delete').click();
    await cms.confirm();
    await cms.expectToast('success');
    await cms.until(
      async () => (await cms.column('draft').getByText('Only a thought').count()) === 0,
      'an empty column',
    );
    assert.equal(await store.has('content/posts/only-a-thought.md'), false);
    if (store.branches) assert.deepEqual(await store.branches(), ['main']);
  },
};
