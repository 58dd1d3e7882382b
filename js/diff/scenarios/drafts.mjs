// What becomes of drafts beside their content: who wrote them, who may edit them, and what
// is left of them in the repository's history.
import { asset, post } from '../lib/files.mjs';
import { OPEN, setStatus, suggestForReview } from './openauthoring.mjs';
import { publishBoth } from './publish.mjs';
import { draftOf, FILES, PATHS, WORKFLOW } from './workflow.mjs';

export const draftScenarios = {
  'tell who wrote a draft': {
    files: FILES,
    config: OPEN,
    async run(side) {
      await suggestForReview(side);
      const editor = await side.signIn('editor');
      await editor.does(
        'write one too',
        'persistEntry',
        ...draftOf('content/posts/b.md', post('B!')),
      );
      await editor.does('on the board', 'authors');
    },
  },

  'tell when a draft changed': {
    files: FILES,
    config: OPEN,
    async run(side) {
      const contributor = await suggestForReview(side);
      const editor = await side.signIn('editor');
      await editor.does('on the board', 'dates');
      await setStatus(contributor, 'take one back', 'a', 'draft');
      await contributor.does('on the board of the contributor', 'dates');
    },
  },

  'let the author alone edit a suggestion': {
    files: FILES,
    config: OPEN,
    async run(side) {
      const contributor = await suggestForReview(side);
      await contributor.does('on the board of the contributor', 'suggested');
      const editor = await side.signIn('editor');
      await editor.does('on the board', 'suggested');
    },
  },

  'show a suggestion that is ready to its author': {
    files: FILES,
    config: OPEN,
    async run(side) {
      const contributor = await suggestForReview(side);
      const editor = await side.signIn('editor');
      await setStatus(editor, 'it is ready', 'fresh', 'pending_publish');
      await contributor.does('the board of the contributor', 'board');
    },
  },

  'name merges': {
    files: FILES,
    config: WORKFLOW,
    async run(side) {
      await publishBoth(side);
      side.note('merges', await side.fake.mergeNames('main'));
    },
  },

  'save a draft when others have published': {
    files: FILES,
    config: WORKFLOW,
    async run(side) {
      const editor = await side.signIn('editor');
      const picture = asset('static/images/new.png', 1, 2, 3);
      const first = draftOf(PATHS.a, post('A!'), { assets: [picture] });
      await editor.does('change an entry', 'persistEntry', ...first);
      await side.fake.commit('main', {
        'content/posts/b.md': { content: post('B of somebody else') },
        'content/posts/c.md': { content: post('C') },
      });
      await editor.does('look at it', 'unpublishedEntry', { collection: 'posts', slug: 'a' });
      const second = draftOf(PATHS.a, post('A!!'), { assets: [picture], unpublished: true });
      await editor.does('save again', 'persistEntry', ...second);
      await editor.does('look again', 'unpublishedEntry', { collection: 'posts', slug: 'a' });
    },
  },

  'start a draft on a branch that was left behind': {
    files: FILES,
    config: WORKFLOW,
    async run(side) {
      const left = { [PATHS.fresh]: { content: post('Left behind') } };
      await side.fake.branch('cms/posts/fresh', left);
      const editor = await side.signIn('editor');
      await editor.does('the board', 'board');
      const create = draftOf(PATHS.fresh, post('Fresh'), { newEntry: true });
      await editor.does('create', 'persistEntry', ...create);
      await editor.does('the board again', 'board');
    },
  },
};
