/** The whole way through the built package: JavaScript, boundary, Go, and back. */

import { type Backend, createBackend } from '../dist/index.js';
import { assert, assertEqual, rejection } from './assert.js';

const config = { backend: { name: 'test-repo' }, media_folder: 'static/images' };

function seed(): void {
  const posts: Record<string, { content: string }> = {};
  for (let i = 0; i < 45; i++)
    posts[`p${String(i).padStart(2, '0')}.md`] = { content: `post ${i}` };
  globalThis.repoFiles = {
    content: {
      posts,
      'posts-archive': { 'old.md': { content: 'old' } },
      'ünï #?%+&': { 'ä b.md': { content: '\u0000 ünï\r\n' } },
    },
    static: {
      images: { 'a.png': { content: 'not a picture' }, sub: { 'b.png': { content: 'b' } } },
    },
  };
}

for (const thread of ['worker', 'page'] as const) {
  describe(`test-repo, thread: ${thread}`, () => {
    let backend: Backend;

    beforeEach(() => {
      seed();
      backend = createBackend('test-repo', config, { thread });
    });

    afterEach(() => backend.dispose());

    it('signs in', async () => {
      const user = await backend.authenticate({ token: 'a' });
      assert(user.login !== '' && user.token === 'a', `a user, not ${JSON.stringify(user)}`);
      const restored = await backend.restoreUser(user);
      assertEqual(restored.login, user.login);
      await backend.logout();
    });

    it('lists a folder, and not its namesake', async () => {
      const entries = await backend.entriesByFolder('content/posts', 'md', 1);
      assertEqual(entries.length, 45);
      assertEqual(entries[3]?.data, 'post 3');
      assertEqual(entries[3]?.file.path, 'content/posts/p03.md');
    });

    it('lists page by page', async () => {
      const { entries, total } = await backend.entries('content/posts', 'md', 1, {
        offset: 40,
        limit: 20,
      });
      assertEqual([entries.length, total, entries[0]?.data], [5, 45, 'post 40']);
    });

    it('filters all entries by a path', async () => {
      const entries = await backend.allEntriesByFolder('content/posts', 'md', 1, /p1\d/);
      assertEqual(entries.length, 10);
    });

    it('reads odd names and texts as they are', async () => {
      const path = 'content/ünï #?%+&/ä b.md';
      assertEqual((await backend.getEntry(path)).data, '\u0000 ünï\r\n');
    });

    it('answers a missing entry with an empty one without id', async () => {
      assertEqual(await backend.getEntry('no/such.md'), {
        data: '',
        file: { path: 'no/such.md', id: null },
      });
    });

    it('saves, and shows it in window.repoFiles', async () => {
      await save(backend, 'content/posts/p00.md', 'changed');
      assertEqual((await backend.getEntry('content/posts/p00.md')).data, 'changed');
      const tree = globalThis.repoFiles as unknown as {
        content: { posts: Record<string, { content: string }> };
      };
      assertEqual(tree.content.posts['p00.md']?.content, 'changed');
      await backend.deleteFiles(['content/posts/p00.md', 'content/posts/none.md'], 'delete');
      assert(!('p00.md' in tree.content.posts), 'the file to be gone from window.repoFiles');
    });

    it('refuses to create what exists', async () => {
      const error = await rejection(
        save(backend, 'content/posts/p00.md', 'new', { newEntry: true }),
      );
      assertEqual(
        [error.name, error.kind, error.paths],
        ['API_ERROR', 'Conflict', ['content/posts/p00.md']],
      );
    });

    it('stores and reads media byte by byte', async () => {
      const bytes = new Uint8Array(300_000).map((_, i) => i % 251);
      const fileObj = new File([bytes], 'x.png');
      const stored = await backend.persistMedia(
        { path: 'static/images/x.png', fileObj },
        { commitMessage: 'up' },
      );
      assertEqual(
        [stored.name, stored.size, stored.path],
        ['x.png', 300_000, 'static/images/x.png'],
      );
      const { file } = await backend.getMediaFile('static/images/x.png');
      const read = new Uint8Array(await (file as File).arrayBuffer());
      assert(
        read.length === bytes.length && read.every((b, i) => b === bytes[i]),
        'the same bytes',
      );
    });

    it('says so when a file was changed after it was chosen', async () => {
      const folder = await navigator.storage.getDirectory();
      const handle = await folder.getFileHandle('chosen.png', { create: true });
      const write = async (text: string) => {
        const file = await handle.createWritable();
        await file.write(text);
        await file.close();
      };
      await write('one');
      const fileObj = await handle.getFile();
      await write('two, which is longer');
      const error = await rejection(
        backend.persistMedia({ path: 'static/images/y.png', fileObj }, { commitMessage: 'up' }),
      );
      assertEqual(error.kind, 'Invalid');
      assert(error.message.includes('add it again'), error.message);
    });

    it('lists media, with folders when asked', async () => {
      const names = async (support: boolean) =>
        (await backend.getMedia(undefined, support)).map((f) => f.name);
      assertEqual(await names(false), ['a.png']);
      assertEqual((await names(true)).sort(), ['a.png', 'sub']);
    });

    it('takes a draft through the workflow', async () => {
      await backend.authenticate({});
      await save(backend, 'content/posts/new.md', 'draft text', {
        newEntry: true,
        useWorkflow: true,
        status: 'draft',
      });
      assertEqual(await backend.unpublishedEntries(), ['posts/new']);
      const draft = await backend.unpublishedEntry({ id: 'posts/new' });
      assertEqual([draft.status, draft.diffs.length, draft.diffs[0]?.newFile], ['draft', 1, true]);
      await backend.updateUnpublishedEntryStatus('posts', 'new', 'pending_publish');
      assertEqual(
        (await backend.unpublishedEntry({ collection: 'posts', slug: 'new' })).status,
        'pending_publish',
      );
      await backend.publishUnpublishedEntry('posts', 'new');
      assertEqual((await backend.getEntry('content/posts/new.md')).data, 'draft text');
      const error = await rejection(backend.unpublishedEntry({ collection: 'posts', slug: 'new' }));
      assertEqual(
        [error.name, error.notUnderEditorialWorkflow],
        ['EDITORIAL_WORKFLOW_ERROR', true],
      );
    });

    it('answers for each draft that is asked for in one turn, or says why not', async () => {
      await backend.authenticate({});
      for (const slug of ['one', 'two']) {
        await save(backend, `content/posts/${slug}.md`, `text of ${slug}`, {
          newEntry: true,
          useWorkflow: true,
          status: 'draft',
        });
      }
      const ids = await backend.unpublishedEntries();
      assertEqual(ids, ['posts/one', 'posts/two']);
      const drafts = await Promise.allSettled(
        ['posts/two', 'posts/none', 'none', 'posts/one'].map((id) =>
          backend.unpublishedEntry({ id }),
        ),
      );
      const told = drafts.map((d) => (d.status === 'fulfilled' ? d.value.slug : d.reason.kind));
      assertEqual(told, ['two', 'NotInWorkflow', 'Invalid', 'one']);
      const text = (slug: string, path: string) =>
        backend.unpublishedEntryDataFile('posts', slug, path);
      const texts = await Promise.allSettled([
        text('one', 'content/posts/one.md'),
        text('one', 'content/posts/none.md'),
        text('two', 'content/posts/two.md'),
      ]);
      assertEqual(
        texts.map((t) => (t.status === 'fulfilled' ? t.value : t.reason.kind)),
        ['text of one', 'NotFound', 'text of two'],
      );
    });

    it('names method and field of a wrong argument', async () => {
      const wrong = await rejection(backend.getEntry(5 as never));
      assertEqual(
        [wrong.kind, wrong.message],
        ['Invalid', 'getEntry: path must be a string, not number.'],
      );
      const deep = await rejection(
        backend.persistEntry(
          { dataFiles: [{ path: 'a.md', raw: 1 as never }] },
          { commitMessage: 'x' },
        ),
      );
      assertEqual(
        deep.message,
        'persistEntry: entry.dataFiles[0].raw must be a string, not number.',
      );
    });

    it('answers nothing after dispose', async () => {
      const pending = rejection(backend.entriesByFolder('content/posts', 'md', 1));
      backend.dispose();
      assertEqual(
        [(await pending).kind, (await rejection(backend.status())).kind],
        ['Canceled', 'Canceled'],
      );
    });
  });
}

function save(backend: Backend, path: string, raw: string, options: object = {}): Promise<void> {
  const slug = path.replace(/^.*\/|\.md$/g, '');
  return backend.persistEntry(
    { dataFiles: [{ path, slug, raw }], assets: [] },
    { commitMessage: `save ${path}`, collectionName: 'posts', ...options },
  );
}
