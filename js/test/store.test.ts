/** The browser's store of blobs: what it keeps, what it lets go, and that it never does harm. */

import { deleteDB, openDB } from 'idb';
import { openStore, type StoreOptions } from '../src/cache/store.ts';
import type { BlobStore } from '../src/types.ts';
import { assert, assertEqual } from './assert.js';

const kB = 1000;
let count = 0;
let name = '';

function open(options: StoreOptions = {}): BlobStore {
  const store = openStore({ name, ...options });
  assert(store, 'a store');
  return store;
}

/** Blobs of one size, whose bytes tell them apart. */
function blobs(names: string[], size: number): Record<string, Uint8Array> {
  return Object.fromEntries(names.map((n) => [n, new Uint8Array(size).fill(n.charCodeAt(0))]));
}

async function has(store: BlobStore, ...names: string[]): Promise<string> {
  return Object.keys(await store.get(names))
    .sort()
    .join('');
}

/** Puts something else in the place of a global for as long as `run` takes. */
async function instead<V>(
  target: object,
  key: string,
  value: PropertyDescriptor,
  run: () => Promise<V>,
): Promise<V> {
  const own = Object.getOwnPropertyDescriptor(target, key);
  Object.defineProperty(target, key, { configurable: true, ...value });
  try {
    return await run();
  } finally {
    if (own) Object.defineProperty(target, key, own);
    else Reflect.deleteProperty(target, key);
  }
}

beforeEach(() => {
  name = `mooring-test-${++count}`;
});

afterEach(() => deleteDB(name));

describe('the store', () => {
  it('tells its names, the newest at the end, whichever tab gave them', async () => {
    const [here, there] = [open(), open()];
    await here.put(blobs(['tree:2'], 70 * kB));
    await there.put(blobs(['tree:1', 'other'], 70 * kB));
    await here.put(blobs(['tree:0'], kB));
    assertEqual((await there.names?.('tree:'))?.join(), 'tree:2,tree:1,tree:0');
    assertEqual((await open().names?.('none'))?.length, 0);
  });

  it('keeps what it was given, for those who come later', async () => {
    const names = Array.from({ length: 500 }, (_, i) => `github\0owner/repo\0${i}`);
    const given = Object.fromEntries(names.map((n, i) => [n, new TextEncoder().encode(`${i} ü`)]));
    given.empty = new Uint8Array(0);
    given.large = new Uint8Array(300 * kB).map((_, i) => i % 251);
    await open().put(given);
    const got = await open().get(['large', 'none', ...names, 'empty']);
    assertEqual(Object.keys(got).length, 502);
    for (const [n, data] of Object.entries(given)) {
      const same = got[n]?.length === data.length && data.every((byte, i) => got[n]?.[i] === byte);
      assert(same, `${n} byte by byte`);
    }
  });

  it('writes what came together at once, and has it before', async () => {
    const store = open();
    const written = [store.put(blobs(['a'], 70 * kB)), store.put(blobs(['b'], 70 * kB))];
    assertEqual([await has(store, 'a', 'b', 'c'), await has(open(), 'a', 'b')], ['ab', '']);
    assertEqual(await store.names?.(''), ['a', 'b']);
    await Promise.all(written);
    assertEqual([await has(open(), 'a', 'b'), await store.names?.('')], ['ab', ['a', 'b']]);
  });

  it('never writes what was to be forgotten meanwhile', async () => {
    const store = open();
    const written = store.put(blobs(['a'], kB));
    await store.clear();
    await written;
    assertEqual([await has(store, 'a'), await has(open(), 'a')], ['', '']);
  });

  it('opens its database before it is asked', async () => {
    open();
    const there = async () => (await indexedDB.databases()).some((db) => db.name === name);
    while (!(await there())) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('takes a blob once, and few records for many small saves', async () => {
    const store = open();
    for (const n of ['a', 'b', 'c', 'a']) await store.put(blobs([n], kB));
    await open().put(blobs(['a', 'd'], kB));
    const db = await openDB(name);
    assertEqual([await db.count('packs'), await db.getAll('names')], [1, [['a', 'b', 'c', 'd']]]);
    db.close();
    assertEqual(await has(store, 'a', 'b', 'c', 'd'), 'abcd');
  });

  it('lets go what was not used for longest', async () => {
    let hours = 0;
    const options = { bytes: 350 * kB, now: () => hours * 3_600_000 };
    const store = open(options);
    for (const n of ['a', 'b', 'c']) {
      hours++;
      await store.put(blobs([n], 100 * kB));
    }
    hours++;
    assertEqual(await has(store, 'a'), 'a');
    hours++;
    await store.put(blobs(['d'], 100 * kB));
    assertEqual(await has(store, 'a', 'b', 'c', 'd'), 'acd');
    hours++;
    const other = open(options); // use counts for others too
    await other.put(blobs(['e', 'f'], 100 * kB));
    assertEqual((await has(other, 'a', 'b', 'c', 'd', 'e', 'f')).length, 3);
    assertEqual(await has(store, 'e', 'f'), 'ef');
  });

  it('takes again what it let go', async () => {
    const store = open({ bytes: 150 * kB });
    await store.put(blobs(['a'], 100 * kB));
    await store.put(blobs(['b'], 100 * kB));
    await store.put(blobs(['a'], 100 * kB));
    assertEqual(await has(store, 'a', 'b'), 'a');
  });

  it('does not take what is larger than all of it', async () => {
    const store = open({ bytes: 100 * kB });
    await store.put({ ...blobs(['a'], 50 * kB), ...blobs(['b'], 101 * kB) });
    assertEqual(await has(store, 'a', 'b'), 'a');
  });

  it('forgets everything at sign-out, in every tab', async () => {
    const [here, there] = [open(), open()];
    await here.put(blobs(['a'], kB));
    await there.put(blobs(['b'], kB));
    await there.get(['a', 'b']);
    await here.clear();
    assertEqual([await has(here, 'a', 'b'), await has(there, 'a', 'b')], ['', '']);
    const db = await openDB(name);
    for (const store of db.objectStoreNames)
      assertEqual([store, await db.count(store)], [store, 0]);
    db.close();
    await there.put(blobs(['a'], kB));
    assertEqual(await has(here, 'a'), 'a');
  });

  it('is shared by several tabs that write at once', async () => {
    const tabs = [open(), open(), open()];
    const letters = [...'abcdefghijkl'];
    await Promise.all(letters.map((n, i) => tabs[i % 3]?.put(blobs([n], 20 * kB))));
    for (const tab of tabs) assertEqual(await has(tab, ...letters), letters.join(''));
  });
});

/** Whatever is wrong, it is empty, takes what it is given, and says nothing. */
async function isHarmless(store: BlobStore): Promise<void> {
  assertEqual(await store.get(['a']), {});
  await store.put(blobs(['a'], kB));
  assertEqual(await store.get(['a']), {});
  await store.clear();
}

describe('a store without a working database', () => {
  const refuses = () => {
    throw new DOMException('refused', 'SecurityError');
  };

  it('is empty when the database refuses', () => {
    const value = { open: refuses, deleteDatabase: refuses };
    return instead(globalThis, 'indexedDB', { value }, () => isHarmless(open()));
  });

  it('is empty when the database never answers, and is not waited for again and again', async () => {
    // Whoever opens a database that is being deleted waits until all others have let it go.
    const holder = await openDB(name);
    indexedDB.deleteDatabase(name);
    let asked = 0;
    const value = {
      open: (...args: [string, number]) => {
        asked++;
        return IDBFactory.prototype.open.apply(own, args);
      },
      deleteDatabase: (n: string) => own.deleteDatabase(n),
    };
    const own = indexedDB;
    await instead(globalThis, 'indexedDB', { value }, async () => {
      await isHarmless(open({ patience: 20 }));
      asked = 0;
      const store = open({ patience: 20, now: () => 0 });
      for (let i = 0; i < 5; i++) assertEqual(await store.get(['a']), {});
      assertEqual(asked, 1);
    });
    holder.close();
  });

  it('is none where there is no database, or none is wanted', async () => {
    for (const value of [{ value: undefined }, { get: refuses }]) {
      await instead(globalThis, 'indexedDB', value, async () =>
        assertEqual(openStore(), undefined),
      );
    }
    assertEqual(openStore({ bytes: 0 }), undefined);
  });

  it('is empty when another tab has a newer version', async () => {
    (await openDB(name, 9)).close();
    await isHarmless(open());
  });

  it('lets another tab have a newer version', async () => {
    const store = open();
    await store.put(blobs(['a'], kB));
    (await openDB(name, 9)).close(); // blocked, if the store held on to its own
    await isHarmless(store);
  });

  it('is empty when the database has something else in it', async () => {
    (await openDB(name, 1, { upgrade: (db) => void db.createObjectStore('cats') })).close();
    await isHarmless(open());
  });

  it('starts anew when a record is damaged', async () => {
    const damages: [store: string, value: unknown][] = [
      ['packs', { names: ['a'], sizes: [99], data: new Uint8Array(kB) }],
      ['packs', { names: 'a', sizes: [kB], data: new Uint8Array(kB) }],
      ['packs', 'nonsense'],
      ['names', 5],
    ];
    for (const [where, value] of damages) {
      await open().put(blobs(['a'], kB));
      const db = await openDB(name);
      await db.put(where, value, (await db.getAllKeys(where))[0] as number);
      db.close();
      const store = open();
      assertEqual(await store.get(['a']), {});
      await store.put(blobs(['a'], kB));
      assertEqual(await has(store, 'a'), 'a');
      await store.clear();
    }
  });

  it('never takes one blob for another', async () => {
    await open().put(blobs(['a'], kB));
    const store = open();
    assertEqual(await has(store, 'a'), 'a');
    const db = await openDB(name);
    const [key] = await db.getAllKeys('packs');
    await db.put('packs', { names: ['b'], sizes: [kB], data: new Uint8Array(kB) }, key as number);
    db.close();
    assertEqual(await has(store, 'a'), '');
  });

  it('makes room when the disk is full', async () => {
    const store = open({ now: () => ++count });
    for (const n of ['a', 'b', 'c', 'd']) await store.put(blobs([n], 100 * kB));
    const full = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    await instead(IDBObjectStore.prototype, 'put', { value: full }, () =>
      store.put(blobs(['e'], 100 * kB)),
    );
    assertEqual(await has(store, 'a', 'b', 'c', 'd', 'e'), 'cd');
    await store.put(blobs(['e'], 100 * kB));
    assertEqual(await has(store, 'e'), 'e');
  });
});
