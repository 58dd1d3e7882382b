// What the CMS is told when something is wrong.
import { asset, post, saving, text } from '../lib/files.mjs';

const FILES = {
  'README.md': text('# Site\n'),
  'content/posts/a.md': text(post('A')),
  'content/posts/b.md': text(post('B')),
  'static/images/.gitkeep': text(''),
};

const UPLOAD = [asset('static/images/new.png', 1, 2, 3), { commitMessage: 'Upload' }];

/** What the CMS does first, then a save. */
async function tryAll(person) {
  await person.does('list', 'entriesByFolder', 'content/posts', 'md', 1);
  await person.does('list all', 'allEntriesByFolder', 'content/posts', 'md', 2);
  await person.does('files', 'entriesByFiles', [{ path: 'content/posts/a.md', label: 'A' }]);
  await person.does('open', 'getEntry', 'content/posts/a.md');
  await person.does('list media', 'getMedia', 'static/images');
  await person.does('save', 'persistEntry', ...saving('content/posts/a.md', post('A!')));
  await person.does('upload', 'persistMedia', ...UPLOAD);
  await person.does('delete', 'deleteFiles', ['content/posts/b.md'], 'Delete Post “b”');
}

const signedOut = (config) => ({
  files: FILES,
  config,
  async run(side) {
    const person = await side.open();
    await person.does('sign in', 'authenticate', side.credentials('editor'));
  },
});

export const errorScenarios = {
  'sign in, and stay so': {
    files: FILES,
    async run(side) {
      const editor = await side.signIn('editor');
      await editor.does('the token', 'getToken');
      await editor.does('status', 'status');
      const later = await side.open();
      const stored = side.fake.session('editor', side.credentials('editor'));
      await later.does('take up the session', 'restoreUser', stored);
      await later.does('list', 'entriesByFolder', 'content/posts', 'md', 1);
    },
  },

  'sign in with a wrong token': {
    files: FILES,
    async run(side) {
      const wrong = side.fake.wrongCredentials();
      const person = await side.open();
      await person.does('sign in', 'authenticate', wrong);
      const stored = side.fake.session('editor', wrong);
      await person.does('take up a session', 'restoreUser', stored);
    },
  },

  'sign in without write access': {
    files: FILES,
    async run(side) {
      const person = await side.open();
      await person.does('sign in', 'authenticate', side.credentials('contributor'));
    },
  },

  'sign in to a missing repository': signedOut({ backend: { repo: 'editor/none' } }),

  'edit a missing branch': {
    files: FILES,
    config: { backend: { branch: 'none' } },
    async run(side) {
      const person = await side.open();
      await person.does('sign in', 'authenticate', side.credentials('editor'));
      await tryAll(person);
    },
  },

  'go on with a token that was revoked': {
    files: FILES,
    async run(side) {
      const editor = await side.signIn('editor');
      await side.fake.revoke('editor');
      await tryAll(editor);
      await editor.does('status', 'status');
    },
  },

  'go on when the host fails': {
    files: FILES,
    async run(side) {
      const editor = await side.signIn('editor');
      await side.fake.fail({ status: 500 });
      await tryAll(editor);
      await side.fake.recover();
    },
  },

  'save when the host cannot be read': {
    files: FILES,
    async run(side) {
      const editor = await side.signIn('editor');
      for (const method of ['GET', 'HEAD']) await side.fake.fail({ method, status: 500 });
      const create = saving('content/posts/new.md', post('New'), { newEntry: true });
      await editor.does('create', 'persistEntry', ...create);
      await side.fake.recover();
    },
  },

  'go on when the host wants a pause': {
    files: FILES,
    async run(side) {
      const editor = await side.signIn('editor');
      await side.fake.fail({ method: 'GET', status: 429, retryAfter: 1000, count: 1 });
      await editor.does('list', 'entriesByFolder', 'content/posts', 'md', 1);
    },
  },

  'go on without write access': {
    files: FILES,
    async run(side) {
      await side.fake.permit('contributor', 'write');
      const person = await side.signIn('contributor');
      await side.fake.permit('contributor', 'read');
      await tryAll(person);
    },
  },

  'push to a protected branch': {
    files: FILES,
    async run(side) {
      const editor = await side.signIn('editor');
      await side.fake.protect({ requiredReviews: 1, enforceAdmins: true });
      await tryAll(editor);
    },
  },
};
