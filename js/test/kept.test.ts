/** What was read once comes from the store, in the next session too. */

import { deleteDB, openDB } from 'idb';
import { type BlobStore, createBackend } from '../dist/index.js';
import { assert, assertEqual } from './assert.js';

/** A site in a Git host that has the one post "text", in a program of its own. */
function open(options: object) {
  return createBackend('kept', { backend: {} }, { wasmURL: '/faults/faulty.wasm', ...options });
}

/** What a new session reads as the one post. It lasts until `done`. */
async function post(
  options: object,
  done: () => Promise<unknown> = async () => undefined,
): Promise<string | undefined> {
  const backend = open(options);
  const [entry] = await backend.entriesByFolder('posts', 'md', 1);
  await done();
  backend.dispose();
  return entry?.data;
}

/** Puts something of the same length in the place of a text in the database, once it is there. */
async function replace(text: string, other: string): Promise<true | undefined> {
  const db = await openDB('mooring');
  try {
    for (const key of await db.getAllKeys('packs')) {
      const pack = await db.get('packs', key);
      const data = new TextDecoder().decode(pack.data);
      if (!data.endsWith(text)) continue;
      const changed = data.slice(0, -text.length) + other;
      await db.put('packs', { ...pack, data: new TextEncoder().encode(changed) }, key);
      return true;
    }
    return undefined;
  } finally {
    db.close();
  }
}

async function until<V>(find: () => Promise<V | undefined>): Promise<V> {
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function signOut(options: object): Promise<void> {
  const backend = open(options);
  await backend.logout();
  backend.dispose();
}

for (const thread of ['worker', 'page'] as const) {
  describe(`the store in IndexedDB, thread: ${thread}`, () => {
    afterEach(() => deleteDB('mooring'));

    it('is read before the host is asked, until sign-out', async () => {
      // The listing does not wait until the database has it.
      const written = () => until(() => replace('text', 'TEXT'));
      assertEqual(await post({ thread }, written), 'text');
      assertEqual(await post({ thread }), 'TEXT');
      await signOut({ thread });
      assertEqual(await post({ thread }, written), 'text');
    });

    it('is left alone if it may keep nothing', async () => {
      assertEqual(await post({ thread, storeBytes: 0 }), 'text');
      const names = (await indexedDB.databases()).map(({ name }) => name);
      assert(!names.includes('mooring'), `no database among ${names}`);
    });
  });
}

describe("a page's own store", () => {
  it('is asked first, given what was read, and emptied at sign-out', async () => {
    const kept = new Map<string, Uint8Array>();
    const store: BlobStore = {
      get: async (ids) => Object.fromEntries([...kept].filter(([id]) => ids.includes(id))),
      put: async (blobs) => {
        for (const [id, data] of Object.entries(blobs)) kept.set(id, data);
      },
      clear: async () => kept.clear(),
    };
    assertEqual(await post({ store }), 'text');
    const [id] = [...kept.keys()].filter((name) => !name.includes('tree:'));
    assert(id && kept.size === 2, 'a listing and a blob in the store');
    kept.set(id, new TextEncoder().encode('from the store'));
    assertEqual(await post({ store }), 'from the store');
    await signOut({ store });
    assertEqual(kept.size, 0);
  });

  it('may fail without harm', async () => {
    const broken = async () => {
      throw new Error('broken');
    };
    assertEqual(await post({ store: { get: broken, put: broken, clear: broken } }), 'text');
  });
});

describe('test-repo', () => {
  it('keeps nothing: its files are in memory already', async () => {
    globalThis.repoFiles = { posts: { 'a.md': { content: 'text' } } };
    const asked: string[] = [];
    const note = (name: string) => async () => {
      asked.push(name);
      return {};
    };
    const store = { get: note('get'), put: note('put'), clear: note('clear') };
    const backend = createBackend('test-repo', { backend: {} }, { store: store as never });
    assertEqual((await backend.entriesByFolder('posts', 'md', 1)).length, 1);
    backend.dispose();
    assertEqual(asked, []);
  });
});
