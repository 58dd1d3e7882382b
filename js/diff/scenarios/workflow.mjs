// The editorial workflow, until publishing.
import { asset, binary, post, saving, savingAll, text, textAsset } from '../lib/files.mjs';

export const FILES = {
  'README.md': text('# Site\n'),
  'content/posts/a.md': text(post('A')),
  'content/posts/b.md': text(post('B')),
  'content/pages/home.en.md': text(post('Home')),
  'content/pages/home.de.md': text(post('Start')),
  'content/docs/guide/_index.md': text(post('Guide')),
  'content/docs/guide/knots/_index.md': text(post('Knots')),
  'static/images/old.png': binary(137, 80, 78, 71, 0),
};

export const WORKFLOW = { publish_mode: 'editorial_workflow' };

/** The arguments with which the CMS saves a draft. */
export const draftOf = (path, raw, more) => saving(path, raw, { useWorkflow: true, ...more });

export const PATHS = {
  a: 'content/posts/a.md',
  fresh: 'content/posts/fresh.md',
};

/** Each way that a status can change. */
const WAYS = [
  'pending_review',
  'pending_publish',
  'pending_review',
  'draft',
  'pending_publish',
  'draft',
  'draft',
];

export const workflowScenarios = {
  'write a draft': {
    files: FILES,
    config: WORKFLOW,
    async run(side) {
      const editor = await side.signIn('editor');
      const draft = ['posts', 'fresh'];
      const key = { collection: 'posts', slug: 'fresh' };
      await editor.does('an empty board', 'board');
      await editor.does('no such draft', 'unpublishedEntry', key);
      await editor.does('no such preview', 'getDeployPreview', ...draft);
      const create = draftOf(PATHS.fresh, post('Fresh'), { newEntry: true });
      await editor.does('create', 'persistEntry', ...create);
      await editor.does('the keys', 'unpublishedEntries');
      await editor.does('the board', 'board');
      await editor.does('look at it', 'unpublishedEntry', key);
      await editor.does('read it', 'draftFiles', ...draft);
      await editor.does('it is not published', 'getEntry', PATHS.fresh);
      const again = draftOf(PATHS.fresh, post('Fresher'), { unpublished: true });
      await editor.does('save again', 'persistEntry', ...again);
      await editor.does('look again', 'unpublishedEntry', key);
      await editor.does('read it again', 'draftFiles', ...draft);
      await editor.does('the board again', 'board');
    },
  },

  'change the status of a draft': {
    files: FILES,
    config: WORKFLOW,
    async run(side) {
      const editor = await side.signIn('editor');
      const draft = ['posts', 'a'];
      await editor.does('change an entry', 'persistEntry', ...draftOf(PATHS.a, post('A!')));
      await side.fake.label(1, ['urgent', 'blog']);
      for (const [i, status] of WAYS.entries()) {
        const step = `${i + 1}: ${status}`;
        await editor.does(step, 'updateUnpublishedEntryStatus', ...draft, status);
        await editor.does(`${step}, on the board`, 'board');
        side.note(`${step}, on the host`, await side.fake.pulls());
      }
      await editor.does('to review', 'updateUnpublishedEntryStatus', ...draft, 'pending_review');
      const again = draftOf(PATHS.a, post('A!!'), { unpublished: true });
      await editor.does('save again', 'persistEntry', ...again);
      await editor.does('the board', 'board');
      await editor.does('of no draft', 'updateUnpublishedEntryStatus', 'posts', 'b', 'draft');
    },
  },

  'start drafts with another status': {
    files: FILES,
    config: WORKFLOW,
    async run(side) {
      const editor = await side.signIn('editor');
      const create = draftOf(PATHS.fresh, post('F'), { newEntry: true, status: 'pending_review' });
      await editor.does('create', 'persistEntry', ...create);
      await editor.does('the board', 'board');
    },
  },

  'keep media in a draft': {
    files: FILES,
    config: WORKFLOW,
    async run(side) {
      const editor = await side.signIn('editor');
      const picture = asset('static/images/new.png', 137, 80, 78, 71, 1);
      const another = asset('static/images/x.png', 137, 80, 78, 71, 0, 9);
      const drawing = textAsset('static/images/d.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
      const replaced = asset('static/images/old.png', 137, 80, 78, 71, 255);
      const save = (step, assets, more) =>
        editor.does(step, 'persistEntry', ...draftOf(PATHS.fresh, post(step), { assets, ...more }));
      await save('create', [picture, drawing, replaced], { newEntry: true });
      await editor.does('look at it', 'unpublishedEntry', { collection: 'posts', slug: 'fresh' });
      await editor.does('read it', 'draftFiles', 'posts', 'fresh');
      await editor.does('not in the library', 'getMedia', 'static/images');
      await save('save with all', [picture, drawing, replaced], { unpublished: true });
      await save('save with another', [picture, drawing, replaced, another], {
        unpublished: true,
      });
      await save('save without one', [picture, replaced], { unpublished: true });
      await editor.does('read it again', 'draftFiles', 'posts', 'fresh');
    },
  },

  'write drafts of several files': {
    files: FILES,
    config: WORKFLOW,
    async run(side) {
      const editor = await side.signIn('editor');
      const languages = (raws) =>
        ['en', 'de'].map((locale, i) => ({
          path: `content/pages/home.${locale}.md`,
          slug: 'home',
          raw: raws[i],
        }));
      const options = { useWorkflow: true, collectionName: 'pages' };
      const both = savingAll(languages([post('Home!'), post('Start!')]), options);
      await editor.does('two languages', 'persistEntry', ...both);
      const one = savingAll(languages([post('Home!!'), post('Start!')]), {
        ...options,
        unpublished: true,
      });
      await editor.does('one of them again', 'persistEntry', ...one);
      await editor.does('read them', 'draftFiles', 'pages', 'home');
      const from = 'content/docs/guide/_index.md';
      const to = 'content/docs/manual/_index.md';
      const moved = saving(from, post('Manual'), {
        ...options,
        collectionName: 'docs',
        newPath: to,
      });
      moved[0].dataFiles[0].slug = 'guide/_index';
      await editor.does('a move', 'persistEntry', ...moved);
      await editor.does('the board', 'board');
    },
  },

  'save a draft that somebody else changed': {
    files: FILES,
    config: WORKFLOW,
    async run(side) {
      const editor = await side.signIn('editor');
      await editor.does('change an entry', 'persistEntry', ...draftOf(PATHS.a, post('A!')));
      await editor.does('read it', 'draftFiles', 'posts', 'a');
      const theirs = { 'content/posts/a.md': { content: post('A of somebody else') } };
      await side.fake.commit('cms/posts/a', theirs);
      const again = draftOf(PATHS.a, post('A!!'), { unpublished: true });
      await editor.does('save again', 'persistEntry', ...again);
    },
  },

  'mark drafts without a label prefix': {
    files: FILES,
    config: { ...WORKFLOW, backend: { cms_label_prefix: undefined } },
    async run(side) {
      const editor = await side.signIn('editor');
      await editor.does('change an entry', 'persistEntry', ...draftOf(PATHS.a, post('A!')));
      await side.fake.label(1, ['urgent']);
      await editor.does('the board', 'board');
      await editor.does(
        'to review',
        'updateUnpublishedEntryStatus',
        'posts',
        'a',
        'pending_review',
      );
      await editor.does('the board again', 'board');
    },
  },

  'list many drafts': {
    files: FILES,
    config: WORKFLOW,
    async run(side) {
      for (let n = 0; n <= 100; n++) {
        const branch = `cms/posts/p${n}`;
        await side.fake.branch(branch, { [`content/posts/p${n}.md`]: { content: post(`${n}`) } });
        await side.fake.pull(branch, ['static-cms/draft']);
      }
      const editor = await side.signIn('editor');
      await editor.does('the keys', 'unpublishedEntries');
    },
  },

  'look at a draft of many files': {
    files: FILES,
    config: WORKFLOW,
    async run(side) {
      const many = {};
      for (let n = 0; n <= 300; n++)
        many[`content/posts/p${String(n).padStart(3, '0')}.md`] = { content: post(`${n}`) };
      await side.fake.branch('cms/posts/many', many);
      await side.fake.pull('cms/posts/many', ['static-cms/draft']);
      const editor = await side.signIn('editor');
      await editor.does('look', 'unpublishedEntry', { collection: 'posts', slug: 'many' });
    },
  },

  'take over drafts without a label prefix': {
    files: FILES,
    config: { ...WORKFLOW, backend: { cms_label_prefix: undefined } },
    async run(side) {
      await side.fake.branch('cms/posts/a', { [PATHS.a]: { content: post('A!') } });
      await side.fake.pull('cms/posts/a', ['pending_review']);
      const editor = await side.signIn('editor');
      await editor.does('the board', 'board');
    },
  },

  'write a draft in a collection called like the repository': {
    repository: 'editor/posts',
    files: FILES,
    config: WORKFLOW,
    async run(side) {
      const editor = await side.signIn('editor');
      await editor.does('change an entry', 'persistEntry', ...draftOf(PATHS.a, post('A!')));
      await editor.does('the board', 'board');
    },
  },
};
