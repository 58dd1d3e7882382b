// What the CMS saves right on the published branch.
import { asset, binary, post, saving, savingAll, text, textAsset } from '../lib/files.mjs';

const FILES = {
  'README.md': text('# Site\n'),
  'bin/build': text('#!/bin/sh\nmake\n', '100755'),
  'content/latest': text('posts/a.md', '120000'),
  'content/posts/a.md': text(post('A')),
  'content/posts/b.md': text(post('B')),
  'content/posts/what #1?.md': text(post('What')),
  'content/pages/home.en.md': text(post('Home')),
  'content/pages/home.de.md': text(post('Start')),
  'static/images/old.png': binary(137, 80, 78, 71, 0),
};

const ODD = 'content/posts/50% ä #1 & more?.md';

export const entryScenarios = {
  'create, change and delete entries': {
    files: FILES,
    async run(side) {
      const editor = await side.signIn('editor');
      const save = (step, ...args) => editor.does(step, 'persistEntry', ...saving(...args));
      await save('create', 'content/posts/new.md', post('New'), { newEntry: true });
      await save('create in a new folder', 'content/notes/2024/n.md', post('N'), {
        newEntry: true,
      });
      await save('create at the root', 'about.md', post('About'), { newEntry: true });
      await save('create with an odd name', ODD, post('Odd “ä” 🌊'), { newEntry: true });
      await editor.does('open', 'getEntry', 'content/posts/a.md');
      await save('change', 'content/posts/a.md', post('A changed', 'Ünï\r\ncode 🌊'));
      await save('change what has an odd name', 'content/posts/what #1?.md', post('What!'));
      await save('empty it', 'content/posts/b.md', '');
      await editor.does('open what was changed', 'getEntry', 'content/posts/a.md');
      await editor.does('open what was created', 'getEntry', ODD);
      await editor.does('delete', 'deleteFiles', ['content/posts/b.md'], 'Delete Post “b”');
      await editor.does('delete one of an odd name', 'deleteFiles', [ODD], 'Delete Post');
      await editor.does('list', 'allEntriesByFolder', 'content/posts', 'md', 1);
    },
  },

  'save languages together': {
    files: FILES,
    async run(side) {
      const editor = await side.signIn('editor');
      const languages = (slug, ...raws) =>
        raws.map((raw, i) => ({ path: `content/pages/${slug}.${['en', 'de'][i]}.md`, slug, raw }));
      const save = (step, files, options) =>
        editor.does(step, 'persistEntry', ...savingAll(files, options));
      await save('create', languages('new', post('New'), post('Neu')), { newEntry: true });
      await save('change', languages('home', post('Home!'), post('Start!')));
      const both = ['content/pages/new.en.md', 'content/pages/new.de.md'];
      await editor.does('delete', 'deleteFiles', both, 'Delete Page “new”');
      const three = ['en', 'de', 'fr'].map((locale) => `content/pages/home.${locale}.md`);
      await editor.does('delete, one being missing', 'deleteFiles', three, 'Delete Page “home”');
    },
  },

  'save an entry with its media': {
    files: FILES,
    async run(side) {
      const editor = await side.signIn('editor');
      const assets = [
        asset('static/images/new.png', 137, 80, 78, 71, 1, 2),
        asset('static/images/old.png', 137, 80, 78, 71, 255),
        asset('/content/posts/beside ä.png', 0, 255, 128),
        textAsset('static/images/drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>'),
        textAsset('static/files/empty.txt', ''),
      ];
      const create = saving('content/posts/new.md', post('New'), { newEntry: true, assets });
      await editor.does('create', 'persistEntry', ...create);
      await editor.does('list media', 'getMedia', 'static/images');
      const update = saving('content/posts/a.md', post('A changed'), {
        assets: [asset('static/images/a.png', 1, 2, 3)],
      });
      await editor.does('change', 'persistEntry', ...update);
    },
  },

  'save what did not change': {
    files: FILES,
    async run(side) {
      const editor = await side.signIn('editor');
      await editor.does('open', 'getEntry', 'content/posts/a.md');
      await editor.does('save', 'persistEntry', ...saving('content/posts/a.md', post('A')));
    },
  },

  'create what exists': {
    files: FILES,
    async run(side) {
      const editor = await side.signIn('editor');
      const create = saving('content/posts/a.md', post('Another A'), { newEntry: true });
      await editor.does('create', 'persistEntry', ...create);
    },
  },

  'save what somebody else changed': {
    files: FILES,
    async run(side) {
      const editor = await side.signIn('editor');
      await editor.does('open', 'getEntry', 'content/posts/a.md');
      await side.fake.commit('main', {
        'content/posts/a.md': { content: post('A of somebody else') },
        'content/posts/c.md': { content: post('C') },
      });
      await editor.does('save', 'persistEntry', ...saving('content/posts/a.md', post('My A')));
      await editor.does('open it again', 'getEntry', 'content/posts/a.md');
      await editor.does(
        'save another',
        'persistEntry',
        ...saving('content/posts/b.md', post('B!')),
      );
    },
  },

  'keep modes': {
    files: { ...FILES, 'content/posts/script.md': text(post('Script'), '100755') },
    async run(side) {
      const editor = await side.signIn('editor');
      const change = saving('content/posts/script.md', post('Script!'));
      await editor.does('change an executable file', 'persistEntry', ...change);
    },
  },
};
