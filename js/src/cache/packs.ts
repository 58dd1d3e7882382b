/**
 * Blobs in IndexedDB, many to a record. A thousand small records take a thousand
 * requests to read; packed, they take thirty.
 */

import type { DBSchema, IDBPDatabase, IDBPObjectStore, IDBPTransaction } from 'idb';

/** Several blobs, one after the other in `data`. */
interface Pack {
  names: string[];
  sizes: number[];
  data: Uint8Array;
}

export interface Schema extends DBSchema {
  packs: { key: number; value: Pack };
  /** The names in a pack, so that finding a blob reads no content. */
  names: { key: number; value: string[] };
  /** How much a pack holds and when it was last of use, in milliseconds since 1970. */
  uses: { key: number; value: { bytes: number; at: number } };
}

const STORES = ['packs', 'names', 'uses'] as const;
/** A transaction waits for those that write to its stores: reading need not wait for `uses`. */
const READ = ['packs', 'names'] as const;

type Name = (typeof STORES)[number];
type Reading = IDBPTransaction<Schema, typeof READ, 'readonly'>;
type NamesStore = Pick<IDBPObjectStore<Schema, Name[], 'names'>, 'getAll' | 'getAllKeys'>;
type Writing = IDBPTransaction<Schema, typeof STORES, 'readwrite'>;

/** Chromium keeps larger records in files of their own, which are slow to open. */
export const PACK_BYTES = 60 << 10;

/** A pack's use is noted no more often than this, in milliseconds. */
const NOTED_EVERY = 10 * 60_000;

/** Content that is not what was written. */
export class Damaged extends Error {}

export function createStores(db: IDBPDatabase<Schema>): void {
  db.createObjectStore('packs', { autoIncrement: true });
  db.createObjectStore('names');
  db.createObjectStore('uses');
}

/** The packs of one connection. Other tabs may write and delete at the same time. */
export class Packs {
  readonly #db: IDBPDatabase<Schema>;
  readonly #now: () => number;
  /** Where each blob lies, as far as this tab has heard. */
  readonly #places = new Map<string, number>();
  readonly #noted = new Map<number, number>();
  #newest = 0;

  constructor(db: IDBPDatabase<Schema>, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** What is there of these names, in one transaction. Throws Damaged. */
  async read(names: string[]): Promise<Record<string, Uint8Array>> {
    const found: Record<string, Uint8Array> = {};
    const used: number[] = [];
    await this.#read(async (tx) => {
      await this.#learn(tx.objectStore('names'));
      const wanted = this.#wanted(names);
      const keys = [...wanted.keys()];
      const packs = await Promise.all(keys.map((key) => tx.objectStore('packs').get(key)));
      packs.forEach((pack, i) => {
        const key = keys[i] as number;
        const here = wanted.get(key) as Set<string>;
        if (pack) {
          take(pack, here, found);
          used.push(key);
        } else for (const name of here) this.#places.delete(name);
      });
    });
    this.#note(used).catch(() => undefined); // Then it is taken for unused.
    return found;
  }

  /** Writes what is new in one transaction, and makes room for it within `limit` bytes. */
  async write(blobs: Record<string, Uint8Array>, limit: number): Promise<void> {
    const written = new Map<string, number>();
    const gone = await this.#write(async (tx) => {
      await this.#learn(tx.objectStore('names'));
      const fresh = Object.entries(blobs).filter(
        ([name, data]) => !this.#places.has(name) && data.byteLength <= limit,
      );
      for (const batch of batches(fresh, await this.#fillable(tx))) {
        const key = await this.#store(tx, batch);
        for (const name of batch.pack.names) written.set(name, key);
      }
      return this.#evict(tx, limit);
    });
    // Only now: a key that was given in an aborted transaction is given again.
    for (const [name, key] of written) this.#place(name, key);
    this.#forget(gone);
  }

  /** The names that begin with `prefix`, the newest at the end. Throws Damaged. */
  async names(prefix: string): Promise<string[]> {
    await this.#read((tx) => this.#learn(tx.objectStore('names')));
    return [...this.#places]
      .filter(([name]) => name.startsWith(prefix))
      .sort(([, a], [, b]) => a - b)
      .map(([name]) => name);
  }

  /** Deletes what was not used for longest until no more than `limit` bytes are left. */
  async shrink(limit: number): Promise<void> {
    this.#forget(await this.#write((tx) => this.#evict(tx, limit)));
  }

  /** How many bytes there are, without reading them. */
  async size(): Promise<number> {
    const uses = await this.#db.getAll('uses');
    return uses.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async clear(): Promise<void> {
    this.#places.clear();
    this.#noted.clear();
    await this.#write(async (tx) => {
      await Promise.all(STORES.map((name) => tx.objectStore(name).clear()));
    });
  }

  /** Hears of the packs that were written since, here or in another tab. */
  async #learn(store: NamesStore): Promise<void> {
    // The newest one too: it may have been filled up.
    const range = IDBKeyRange.lowerBound(this.#newest);
    const [keys, lists] = await Promise.all([store.getAllKeys(range), store.getAll(range)]);
    keys.forEach((key, i) => {
      const names = lists[i];
      if (!Array.isArray(names)) throw new Damaged();
      for (const name of names) this.#place(name, key);
    });
  }

  #place(name: string, key: number): void {
    this.#places.set(name, key);
    this.#newest = Math.max(this.#newest, key);
  }

  #wanted(names: string[]): Map<number, Set<string>> {
    const wanted = new Map<number, Set<string>>();
    for (const name of names) {
      const key = this.#places.get(name);
      if (key === undefined) continue;
      const here = wanted.get(key);
      if (here) here.add(name);
      else wanted.set(key, new Set([name]));
    }
    return wanted;
  }

  /** The newest pack, if another blob may go into it: single saves must not make a pack each. */
  async #fillable(tx: Writing): Promise<Batch | undefined> {
    const key = this.#newest;
    const pack = await tx.objectStore('packs').get(key);
    if (!pack || pack.data.byteLength >= PACK_BYTES / 2) return undefined;
    return { key, pack, parts: [pack.data] };
  }

  async #store(tx: Writing, { key, pack, parts }: Batch): Promise<number> {
    const { names, sizes } = pack;
    const data = joined(parts);
    const stored = await tx.objectStore('packs').put({ names, sizes, data }, key);
    await Promise.all([
      tx.objectStore('names').put(names, stored),
      tx.objectStore('uses').put({ bytes: data.byteLength, at: this.#now() }, stored),
    ]);
    return stored;
  }

  async #evict(tx: Writing, limit: number): Promise<Set<number>> {
    const store = tx.objectStore('uses');
    const [keys, uses] = await Promise.all([store.getAllKeys(), store.getAll()]);
    let left = uses.reduce((sum, { bytes }) => sum + bytes, 0);
    const gone = new Set<number>();
    const oldestFirst = keys
      .map((key, i) => ({ key, ...(uses[i] as { bytes: number; at: number }) }))
      .sort((a, b) => a.at - b.at || a.key - b.key);
    for (const { key, bytes } of oldestFirst) {
      if (left <= limit) break;
      left -= bytes;
      gone.add(key);
    }
    await Promise.all(
      [...gone].flatMap((key) => STORES.map((name) => tx.objectStore(name).delete(key))),
    );
    return gone;
  }

  #forget(gone: Set<number>): void {
    if (gone.size === 0) return;
    for (const [name, key] of this.#places) if (gone.has(key)) this.#places.delete(name);
  }

  /** Notes that packs were of use, all in one transaction. */
  async #note(keys: number[]): Promise<void> {
    const at = this.#now();
    const due = keys.filter((key) => at - (this.#noted.get(key) ?? 0) >= NOTED_EVERY);
    if (due.length === 0) return;
    for (const key of due) this.#noted.set(key, at);
    await this.#run(['uses'], 'readwrite', async (tx) => {
      const store = tx.objectStore('uses');
      await Promise.all(
        due.map(async (key) => {
          const use = await store.get(key);
          // Another tab may have deleted the pack, or used it later.
          if (use && use.at < at) await store.put({ ...use, at }, key);
        }),
      );
    });
  }

  #read<V>(work: (tx: Reading) => Promise<V>): Promise<V> {
    return this.#run(READ, 'readonly', work);
  }

  #write<V>(work: (tx: Writing) => Promise<V>): Promise<V> {
    return this.#run(STORES, 'readwrite', work);
  }

  /** Runs work in a transaction; all of it is done when this resolves, or none. */
  async #run<N extends readonly Name[], M extends 'readonly' | 'readwrite', V>(
    stores: N,
    mode: M,
    work: (tx: IDBPTransaction<Schema, N, M>) => Promise<V>,
  ): Promise<V> {
    const tx = this.#db.transaction(stores, mode, { durability: 'relaxed' });
    const done = tx.done;
    done.catch(() => undefined);
    try {
      const value = await work(tx);
      await done;
      return value;
    } catch (error) {
      // The transaction knows the cause (no room left); its requests only that it ended.
      const cause = tx.error ?? error;
      abort(tx);
      throw cause;
    }
  }
}

/** A pack in the making; one without a key is new. */
interface Batch {
  key: number | undefined;
  pack: Omit<Pack, 'data'>;
  parts: Uint8Array[];
}

/** Shares blobs out among packs, `first` being filled up before the others. */
function batches(blobs: [name: string, data: Uint8Array][], first?: Batch): Batch[] {
  const made: Batch[] = [];
  let batch = first;
  let size = first?.parts[0]?.byteLength ?? 0;
  for (const [name, data] of blobs) {
    if (!batch || size + data.byteLength > PACK_BYTES) {
      batch = { key: undefined, pack: { names: [], sizes: [] }, parts: [] };
      size = 0;
    }
    if (made.at(-1) !== batch) made.push(batch);
    batch.pack.names.push(name);
    batch.pack.sizes.push(data.byteLength);
    batch.parts.push(data);
    size += data.byteLength;
  }
  return made;
}

/** Takes the wanted blobs out of a pack. The pack itself says what it holds. */
function take(pack: Pack, wanted: Set<string>, into: Record<string, Uint8Array>): void {
  const { names, sizes, data } = pack;
  const total = Array.isArray(sizes) ? sizes.reduce((sum, size) => sum + size, 0) : -1;
  const whole = data instanceof Uint8Array && total === data.byteLength;
  if (!whole || !Array.isArray(names) || names.length !== sizes.length) throw new Damaged();
  let start = 0;
  names.forEach((name, i) => {
    const end = start + (sizes[i] as number);
    if (wanted.has(name)) into[name] = data.subarray(start, end);
    start = end;
  });
}

function joined(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

function abort(tx: { abort(): void }): void {
  try {
    tx.abort();
  } catch {
    // It has ended already.
  }
}
