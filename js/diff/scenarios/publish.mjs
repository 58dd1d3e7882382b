// The end of drafts.
import { asset, post, saving } from '../lib/files.mjs';
import { draftOf, FILES, PATHS, WORKFLOW } from './workflow.mjs';

/** Somebody with a new draft, a changed entry, and a moved one. */
async function withDrafts(side) {
  const editor = await side.signIn('editor');
  const assets = [asset('static/images/new.png', 1, 2, 3)];
  const create = draftOf(PATHS.fresh, post('Fresh'), { newEntry: true, assets });
  await editor.does('create', 'persistEntry', ...create);
  await editor.does('change', 'persistEntry', ...draftOf(PATHS.a, post('A!')));
  return editor;
}

export async function publishBoth(side) {
  const editor = await withDrafts(side);
  const ready = (slug) =>
    editor.does(
      `${slug} is ready`,
      'updateUnpublishedEntryStatus',
      'posts',
      slug,
      'pending_publish',
    );
  await ready('fresh');
  await editor.does('publish the new one', 'publishUnpublishedEntry', 'posts', 'fresh');
  await editor.does('the board', 'board');
  await ready('a');
  await editor.does('publish the changed one', 'publishUnpublishedEntry', 'posts', 'a');
  await editor.does('the board again', 'board');
  await editor.does('publish it twice', 'publishUnpublishedEntry', 'posts', 'a');
  await editor.does('open the new one', 'getEntry', PATHS.fresh);
  await editor.does('open the changed one', 'getEntry', PATHS.a);
}

/** The draft's branch fails a check without which main takes no merge. */
async function publishRefused(side) {
  const editor = await withDrafts(side);
  await side.fake.protect({ requiredChecks: ['tests'], enforceAdmins: true });
  await side.fake.status('cms/posts/a', { context: 'tests', state: 'failure' });
  await editor.does('publish', 'publishUnpublishedEntry', 'posts', 'a');
  await editor.does('what is published', 'getEntry', PATHS.a);
}

export const publishScenarios = {
  'publish by a merge': { files: FILES, config: WORKFLOW, run: publishBoth },

  'publish by a squash': {
    files: FILES,
    config: { ...WORKFLOW, backend: { squash_merges: true } },
    run: publishBoth,
  },

  'publish when checks fail': { files: FILES, config: WORKFLOW, run: publishRefused },

  'publish beside what others published': {
    files: FILES,
    config: WORKFLOW,
    async run(side) {
      const editor = await withDrafts(side);
      await side.fake.commit('main', {
        'content/posts/b.md': { content: post('B of somebody else') },
      });
      await editor.does('publish', 'publishUnpublishedEntry', 'posts', 'a');
    },
  },

  'publish against what others published': {
    files: FILES,
    config: WORKFLOW,
    async run(side) {
      const editor = await withDrafts(side);
      await side.fake.commit('main', {
        'content/posts/a.md': { content: post('A of somebody else') },
      });
      await editor.does('publish', 'publishUnpublishedEntry', 'posts', 'a');
      await editor.does('the board', 'board');
    },
  },

  'delete drafts': {
    files: FILES,
    config: WORKFLOW,
    async run(side) {
      const editor = await withDrafts(side);
      await editor.does('delete the new one', 'deleteUnpublishedEntry', 'posts', 'fresh');
      await editor.does('delete the changed one', 'deleteUnpublishedEntry', 'posts', 'a');
      await editor.does('the board', 'board');
      await editor.does('delete it twice', 'deleteUnpublishedEntry', 'posts', 'a');
      const create = draftOf(PATHS.fresh, post('Fresh again'), { newEntry: true });
      await editor.does('create it again', 'persistEntry', ...create);
      await editor.does('the board again', 'board');
    },
  },

  'delete what is published': {
    files: FILES,
    config: WORKFLOW,
    async run(side) {
      const editor = await side.signIn('editor');
      await editor.does('delete', 'deleteFiles', [PATHS.a], 'Delete Post “a”');
      const save = saving(PATHS.fresh, post('Fresh'), { newEntry: true });
      await editor.does('save without a draft', 'persistEntry', ...save);
      const upload = asset('static/images/up.png', 4, 5);
      await editor.does('upload', 'persistMedia', upload, { commitMessage: 'Upload “up.png”' });
    },
  },

  'look at the preview of a draft': {
    files: FILES,
    config: WORKFLOW,
    async run(side) {
      const editor = await withDrafts(side);
      const look = (step) => editor.does(step, 'getDeployPreview', 'posts', 'a');
      const status = (context, state, targetURL) =>
        side.fake.status('cms/posts/a', { context, state, targetURL });
      await look('none yet');
      await status('tests', 'success', 'https://ci.example.com/1');
      await look('other checks only');
      await status('deploy/preview', 'pending', 'https://preview.example.com/');
      await look('on its way');
      await status('deploy/preview', 'success', 'https://preview.example.com/');
      await look('there');
      const other = await side.open({ backend: { preview_context: 'tests' } });
      await other.does('sign in to the other site', 'signIn', side.credentials('editor'), true);
      await other.does('of a named check', 'getDeployPreview', 'posts', 'a');
    },
  },
};
