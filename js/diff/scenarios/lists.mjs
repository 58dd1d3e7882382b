// What the CMS reads of published content.
import { binary, post, saving, text } from '../lib/files.mjs';

const two = (n) => String(n).padStart(2, '0');

/** A folder with more than a page of entries. */
function manyPosts() {
  const files = {};
  for (let n = 1; n <= 45; n++) files[`content/posts/p${two(n)}.md`] = text(post(`Post ${n}`));
  return files;
}

const TREE = {
  'content/posts/a.md': text(post('A')),
  'content/posts/b.mdx': text(post('B')),
  'content/posts/c.html.md': text(post('C')),
  'content/posts/cmd': text('not an entry, though its name ends like one\n'),
  'content/posts/data.json': text('{"a": 1}\n'),
  'content/posts/link.txt': text('plain\n'),
  'content/posts/empty.md': text(''),
  'content/posts/crlf.md': text('---\r\ntitle: C\r\n---\r\n'),
  'content/posts/2024/deep.md': text(post('Deep')),
  'content/posts/2024/05/deeper.md': text(post('Deeper')),
  'content/posts/2024/05/01/deepest.md': text(post('Deepest')),
  'content/posts-archive/old.md': text(post('Old')),
  'content/kitchen/k.md': text(post('K')),
};

const NAMES = [
  'a b.md',
  'ä ö ü.md',
  '日本語.md',
  'what #1?.md',
  '100%.md',
  'one+one&two=2.md',
  "it's (odd) [really].md",
  '.hidden.md',
  'dots...md',
  'k.md',
];

const odd = (folder) =>
  Object.fromEntries(NAMES.map((name) => [`${folder}/${name}`, text(post(name))]));

export const listScenarios = {
  'list a folder page by page': {
    files: { ...manyPosts(), 'README.md': text('# Site\n') },
    config: { collections: [{ folder: 'content/posts', sortable_fields: ['commit_date'] }] },
    async run(side) {
      const editor = await side.signIn('editor');
      await editor.does('who changed them', 'described', 'content/posts', 'md', 1);
      await editor.does('pages', 'pages', 'content/posts', 'md', 1);
    },
  },

  'list a folder page by page where the host counts no pages': {
    files: manyPosts(),
    async run(side) {
      await side.fake.set({ noTotals: true });
      const editor = await side.signIn('editor');
      await editor.does('pages', 'pages', 'content/posts', 'md', 1);
    },
  },

  'list a folder again after others changed it': {
    files: {
      'content/posts/a.md': text(post('A')),
      'content/posts/b.md': text(post('B')),
      'content/posts/c.md': text(post('C')),
      'content/posts-archive/old.md': text(post('Old')),
    },
    async run(side) {
      const editor = await side.signIn('editor');
      const list = (step) => editor.does(step, 'allEntriesByFolder', 'content/posts', 'md', 2);
      await list('all');
      await side.fake.commit('main', {
        'content/posts/a.md': { content: post('A!') },
        'content/posts/b.md': null,
        'content/posts/d.md': { content: post('D') },
        'content/posts-archive/old.md': { content: post('Old!') },
      });
      await list('all again');
    },
  },

  'list entries whose authors the site does not show': {
    files: { 'content/posts/a.md': text(post('A')) },
    async run(side) {
      const editor = await side.signIn('editor');
      await editor.does('who changed them', 'authored', 'content/posts', 'md', 1);
    },
  },

  'tell who copied an entry': {
    files: { 'content/posts/a.md': text(post('A')), 'content/notes/n.md': text(post('N')) },
    config: {
      collections: ['posts', 'notes'].map((name) => ({
        folder: `content/${name}`,
        sortable_fields: ['commit_author'],
      })),
    },
    async run(side) {
      const editor = await side.signIn('editor');
      const describe = (step, folder) => editor.does(step, 'described', folder, 'md', 1);
      await describe('the entry', 'content/posts');
      await side.fake.commit('main', { 'content/notes/n.md': { content: post('A') } });
      await describe('its copy', 'content/notes');
    },
  },

  'list folders of every kind': {
    files: TREE,
    async run(side) {
      const editor = await side.signIn('editor');
      const all = (step, ...args) => editor.does(step, 'allEntriesByFolder', ...args);
      await editor.does('its first page', 'entriesByFolder', 'content/posts', 'md', 1);
      await all('one level', 'content/posts', 'md', 1);
      await all('two levels', 'content/posts', 'md', 2);
      await all('all levels', 'content/posts', 'md', 10);
      await all('another extension', 'content/posts', 'json', 1);
      await all('of two extensions', 'content/posts', 'html.md', 1);
      await all('by a rule', 'content/posts', 'md', 3, /content\/posts\/2024\/.*/);
      await all('a folder of a like name', 'content/posts-archive', 'md', 1);
      await all('a folder with slashes around it', '/content/kitchen/', 'md', 1);
      await all('a missing folder', 'content/none', 'md', 1);
    },
  },

  'read odd names': {
    files: { ...odd('content/posts'), 'README.md': text('# Site\n') },
    async run(side) {
      const editor = await side.signIn('editor');
      await editor.does('all', 'allEntriesByFolder', 'content/posts', 'md', 1);
      for (const name of NAMES)
        await editor.does(`open ${name}`, 'getEntry', `content/posts/${name}`);
    },
  },

  'read a folder of an odd name': {
    files: { 'content/50% of #1 & ünï?/a b.md': text(post('A')) },
    async run(side) {
      const editor = await side.signIn('editor');
      const folder = 'content/50% of #1 & ünï?';
      await editor.does('all', 'allEntriesByFolder', folder, 'md', 1);
      await editor.does('open one', 'getEntry', `${folder}/a b.md`);
    },
  },

  'read a branch of an odd name': {
    files: { 'content/posts/a.md': text(post('A')) },
    options: { defaultBranch: 'edit/50%#1' },
    config: { backend: { branch: 'edit/50%#1' } },
    async run(side) {
      const editor = await side.signIn('editor');
      await editor.does('all', 'allEntriesByFolder', 'content/posts', 'md', 1);
      await editor.does('open one', 'getEntry', 'content/posts/a.md');
    },
  },

  'read files by name': {
    files: {
      'data/site.json': text('{"name": "Site"}\n'),
      'data/nav.yml': text('- a\n'),
      'about.md': text(post('About')),
      'data/bytes.bin': binary(0, 1, 255),
    },
    async run(side) {
      const editor = await side.signIn('editor');
      const files = [
        { path: 'data/site.json', label: 'Site' },
        { path: 'data/nav.yml', label: 'Navigation' },
        { path: 'about.md', label: 'About' },
      ];
      await editor.does('all of them', 'entriesByFiles', files);
      await editor.does('with missing ones', 'entriesByFiles', [
        { path: 'data/none.json', label: 'None' },
        { path: 'about.md', label: 'About' },
        { path: 'none/none.md', label: 'Nowhere' },
      ]);
      await editor.does('open one', 'getEntry', 'data/site.json');
      await editor.does('open one at the root', 'getEntry', 'about.md');
      await editor.does('open a missing one', 'getEntry', 'data/none.json');
      await editor.does('open one in a missing folder', 'getEntry', 'none/none.md');
    },
  },

  'list a tree that the host truncates': {
    files: {
      'content/posts/a.md': text(post('A')),
      'content/posts/b.md': text(post('B')),
      'content/posts/c.md': text(post('C')),
    },
    async run(side) {
      await side.fake.set({ treeLimit: 1 });
      const editor = await side.signIn('editor');
      await editor.does('all levels', 'allEntriesByFolder', 'content/posts', 'md', 10);
      const save = saving('content/posts/c.md', post('C!'));
      await editor.does('change the last', 'persistEntry', ...save);
    },
  },
};
