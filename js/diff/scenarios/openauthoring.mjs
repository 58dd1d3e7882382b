// Drafts of people who may not write to the repository, on a fork of theirs.
import { asset, post, saving } from '../lib/files.mjs';
import { draftOf, FILES, PATHS, WORKFLOW } from './workflow.mjs';

export const OPEN = { ...WORKFLOW, backend: { open_authoring: true } };

export const setStatus = (person, step, slug, status) =>
  person.does(step, 'updateUnpublishedEntryStatus', 'posts', slug, status);

async function suggest(side) {
  const contributor = await side.signIn('contributor');
  const assets = [asset('static/images/new.png', 137, 80, 78, 71, 3)];
  const create = draftOf(PATHS.fresh, post('Fresh'), { newEntry: true, assets });
  await contributor.does('create', 'persistEntry', ...create);
  await contributor.does('change', 'persistEntry', ...draftOf(PATHS.a, post('A!')));
  return contributor;
}

export async function suggestForReview(side) {
  const contributor = await suggest(side);
  await setStatus(contributor, 'ask to review the new one', 'fresh', 'pending_review');
  await setStatus(contributor, 'ask to review the changed one', 'a', 'pending_review');
  return contributor;
}

export const openAuthoringScenarios = {
  'suggest entries from a fork': {
    files: FILES,
    config: OPEN,
    async run(side) {
      const contributor = await side.signIn('contributor');
      await contributor.does('an empty board', 'board');
      await contributor.does('list', 'allEntriesByFolder', 'content/posts', 'md', 1);
      await contributor.does('files', 'entriesByFiles', [{ path: PATHS.a, label: 'A' }]);
      await contributor.does('media', 'getMedia', 'static/images');
      const create = draftOf(PATHS.fresh, post('Fresh'), { newEntry: true });
      await contributor.does('create', 'persistEntry', ...create);
      await contributor.does('the board', 'board');
      await contributor.does('look', 'unpublishedEntry', { collection: 'posts', slug: 'fresh' });
      await contributor.does('read it', 'draftFiles', 'posts', 'fresh');
      const again = draftOf(PATHS.fresh, post('Fresher'), { unpublished: true });
      await contributor.does('save again', 'persistEntry', ...again);
      await contributor.does('read it again', 'draftFiles', 'posts', 'fresh');
      await setStatus(contributor, 'to review', 'fresh', 'pending_review');
      await contributor.does('the board, to review', 'board');
      const third = draftOf(PATHS.fresh, post('Freshest'), { unpublished: true });
      await contributor.does('save once more', 'persistEntry', ...third);
      await contributor.does('the board, saved once more', 'board');
      await setStatus(contributor, 'back to draft', 'fresh', 'draft');
      await contributor.does('the board, back to draft', 'board');
      await setStatus(contributor, 'to review again', 'fresh', 'pending_review');
      await contributor.does('the board, to review again', 'board');
    },
  },

  'withdraw suggestions': {
    files: FILES,
    config: OPEN,
    async run(side) {
      const contributor = await suggest(side);
      await setStatus(contributor, 'to review', 'a', 'pending_review');
      await contributor.does('delete the draft', 'deleteUnpublishedEntry', 'posts', 'fresh');
      await contributor.does('delete what is in review', 'deleteUnpublishedEntry', 'posts', 'a');
      await contributor.does('the board', 'board');
    },
  },

  'leave publishing to maintainers': {
    files: FILES,
    config: OPEN,
    async run(side) {
      const contributor = await suggestForReview(side);
      await contributor.does('publish', 'publishUnpublishedEntry', 'posts', 'fresh');
      await contributor.does('delete what is published', 'deleteFiles', [PATHS.a], 'Delete “a”');
    },
  },

  'say that a suggestion is ready': {
    files: FILES,
    config: OPEN,
    async run(side) {
      const contributor = await suggestForReview(side);
      await setStatus(contributor, 'to ready', 'fresh', 'pending_publish');
      await contributor.does('the board', 'board');
    },
  },

  'maintain suggestions': {
    files: FILES,
    config: OPEN,
    async run(side) {
      const contributor = await suggestForReview(side);
      const editor = await side.signIn('editor');
      await editor.does('the board', 'board');
      await editor.does('look', 'unpublishedEntry', { collection: 'posts', slug: 'fresh' });
      await editor.does('read it', 'draftFiles', 'posts', 'fresh');
      await setStatus(editor, 'ready', 'fresh', 'pending_publish');
      await editor.does('the board, one being ready', 'board');
      await editor.does('publish it', 'publishUnpublishedEntry', 'posts', 'fresh');
      await editor.does('open it', 'getEntry', PATHS.fresh);
      await editor.does('the board, one being published', 'board');
      await contributor.does('the board of the contributor, one being published', 'board');
    },
  },

  'turn a suggestion down': {
    files: FILES,
    config: OPEN,
    async run(side) {
      await suggestForReview(side);
      const editor = await side.signIn('editor');
      await editor.does('delete it', 'deleteUnpublishedEntry', 'posts', 'fresh');
      await editor.does('the board', 'board');
    },
  },

  'work as a maintainer where others suggest': {
    files: FILES,
    config: OPEN,
    async run(side) {
      const editor = await side.signIn('editor');
      await editor.does('change', 'persistEntry', ...draftOf(PATHS.a, post('A!')));
      await editor.does('the board', 'board');
      await setStatus(editor, 'ready', 'a', 'pending_publish');
      await editor.does('publish', 'publishUnpublishedEntry', 'posts', 'a');
      await editor.does('delete', 'deleteFiles', ['content/posts/b.md'], 'Delete Post “b”');
      await editor.does('save without a draft', 'persistEntry', ...saving(PATHS.a, post('A!!')));
    },
  },

  'come back to a fork': {
    files: FILES,
    config: OPEN,
    async run(side) {
      await suggest(side);
      const again = await side.open();
      await again.does('sign in again', 'signIn', side.credentials('contributor'), true);
      await again.does('the board', 'board');
      const later = await side.open();
      const user = { ...side.credentials('contributor'), useOpenAuthoring: true };
      await later.does('take up the session', 'restoreUser', user);
      await later.does('the board of the session', 'board');
    },
  },

  'decline a fork': {
    files: FILES,
    config: OPEN,
    async run(side) {
      const contributor = await side.open();
      await contributor.does('sign in', 'signIn', side.credentials('contributor'), false);
    },
  },

  'wait for a fork': {
    files: FILES,
    config: OPEN,
    async run(side) {
      await side.fake.set({ forkPolls: 2 });
      const contributor = await side.signIn('contributor');
      await contributor.does('the board', 'board');
    },
  },

  'always fork': {
    files: FILES,
    config: { ...WORKFLOW, backend: { open_authoring: true, always_fork: true } },
    async run(side) {
      await side.fake.permit('contributor', 'write');
      const contributor = await side.signIn('contributor');
      await contributor.does('change', 'persistEntry', ...draftOf(PATHS.a, post('A!')));
      await contributor.does('the board', 'board');
    },
  },
};
