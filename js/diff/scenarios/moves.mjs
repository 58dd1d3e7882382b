// Entries that get another path.
import { asset, binary, post, saving, savingAll, text } from '../lib/files.mjs';

const NESTED = {
  'content/docs/_index.md': text(post('Docs')),
  'content/docs/guide/_index.md': text(post('Guide')),
  'content/docs/guide/picture.png': binary(137, 80, 78, 71),
  'content/docs/guide/knots/_index.md': text(post('Knots')),
  'content/docs/reference/_index.md': text(post('Reference')),
  'content/docs/guide-book/_index.md': text(post('Book')),
};

const FLAT = {
  'content/posts/a.md': text(post('A')),
  'content/posts/b.md': text(post('B')),
  'content/posts/build.sh': text('#!/bin/sh\n', '100755'),
  'content/pages/p.md': text(post('P')),
};

const move = (editor, path, newPath, raw, more) =>
  editor.does('move', 'persistEntry', ...saving(path, raw, { newPath, ...more }));

export const moveScenarios = {
  'move a nested entry with what lies below it': {
    files: NESTED,
    async run(side) {
      const editor = await side.signIn('editor');
      await editor.does('open', 'getEntry', 'content/docs/guide/_index.md');
      const to = 'content/docs/reference/manual/_index.md';
      await move(editor, 'content/docs/guide/_index.md', to, post('Manual'));
      await editor.does('the entries', 'paths', 'content/docs', 'md', 5);
    },
  },

  'move a nested entry with a new picture': {
    files: NESTED,
    async run(side) {
      const editor = await side.signIn('editor');
      const to = 'content/docs/manual/_index.md';
      const assets = [asset('static/images/new.png', 1, 2, 3)];
      await move(editor, 'content/docs/guide/_index.md', to, post('Guide'), { assets });
    },
  },

  'move languages together': {
    files: {
      'content/docs/guide/index.en.md': text(post('Guide')),
      'content/docs/guide/index.de.md': text(post('Führer')),
      'content/docs/guide/knots/index.en.md': text(post('Knots')),
      'content/docs/other/index.en.md': text(post('Other')),
    },
    async run(side) {
      const editor = await side.signIn('editor');
      const files = ['en', 'de'].map((locale) => ({
        path: `content/docs/guide/index.${locale}.md`,
        newPath: `content/docs/manual/index.${locale}.md`,
        slug: 'manual/index',
        raw: post(`Manual ${locale}`),
      }));
      await editor.does('move', 'persistEntry', ...savingAll(files));
    },
  },

  'save a nested entry where it is': {
    files: NESTED,
    async run(side) {
      const editor = await side.signIn('editor');
      const path = 'content/docs/guide/_index.md';
      await move(editor, path, path, post('Guide!'));
    },
  },

  'give an entry another name': {
    files: FLAT,
    async run(side) {
      const editor = await side.signIn('editor');
      await move(editor, 'content/posts/a.md', 'content/posts/z.md', post('Z'));
    },
  },

  'move an entry to another folder': {
    files: FLAT,
    async run(side) {
      const editor = await side.signIn('editor');
      await move(editor, 'content/posts/a.md', 'content/pages/a.md', post('A'));
    },
  },
};
