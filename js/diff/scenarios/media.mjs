// The media library.
import { asset, binary, text, textAsset } from '../lib/files.mjs';

const FILES = {
  'README.md': text('# Site\n'),
  'static/images/a.png': binary(137, 80, 78, 71, 0, 1),
  'static/images/ä b #1.png': binary(137, 80, 78, 71, 2),
  'static/images/drawing.svg': text('<svg xmlns="http://www.w3.org/2000/svg"/>'),
  'static/images/kept/.gitkeep': text(''),
  'static/images/kept/deep/c.png': binary(1, 2, 3),
  'static/images/boats/ketch.png': binary(4, 5, 6),
  'static/images/notes.txt': text('plain ünï\n'),
};

export const mediaScenarios = {
  'browse media': {
    files: FILES,
    async run(side) {
      const editor = await side.signIn('editor');
      await editor.does('the configured folder', 'getMedia');
      await editor.does('with folders', 'getMedia', undefined, true);
      await editor.does('a folder', 'getMedia', 'static/images/boats', true, '/images/boats');
      await editor.does('with slashes', 'getMedia', '/static/images/boats/', true, '');
      await editor.does('a folder kept empty', 'getMedia', 'static/images/kept', true);
      await editor.does('a missing folder', 'getMedia', 'static/none', true);
      await editor.does('what is shown', 'shownMedia', 'static/images');
      for (const name of ['a.png', 'ä b #1.png', 'drawing.svg', 'notes.txt'])
        await editor.does(`read ${name}`, 'getMediaFile', `static/images/${name}`);
      await editor.does('read a missing file', 'getMediaFile', 'static/images/none.png');
    },
  },

  'change media': {
    files: FILES,
    async run(side) {
      const editor = await side.signIn('editor');
      const upload = (step, file, name) =>
        editor.does(step, 'persistMedia', file, { commitMessage: `Upload “${name}”` });
      await upload('upload', asset('static/images/new.png', 0, 255, 1), 'new.png');
      await upload('upload to a new folder', asset('static/images/x/y.png', 9), 'y.png');
      await upload('upload at the root', asset('/root.png', 7, 7), 'root.png');
      await upload('replace', asset('static/images/a.png', 8, 8, 8), 'a.png');
      await upload('upload an odd name', asset('static/images/50% ü #2.png', 5), '50% ü #2.png');
      await upload('make a folder', textAsset('static/images/fresh/.gitkeep', ''), '.gitkeep');
      await editor.does('list', 'getMedia', 'static/images', true);
      await editor.does('read what was replaced', 'getMediaFile', 'static/images/a.png');
      const drop = (step, ...paths) => editor.does(step, 'deleteFiles', paths, 'Delete media');
      await drop('delete', 'static/images/notes.txt');
      await drop('delete an odd name', 'static/images/ä b #1.png');
      await drop('delete the last of a folder', 'static/images/boats/ketch.png');
      await drop('delete a missing one', 'static/images/none.png');
      await editor.does('list again', 'getMedia', 'static/images', true);
    },
  },

  'upload to a folder with a k': {
    files: FILES,
    async run(side) {
      const editor = await side.signIn('editor');
      const file = asset('kits/k.png', 1, 2);
      await editor.does('upload', 'persistMedia', file, { commitMessage: 'Upload “k.png”' });
    },
  },
};
