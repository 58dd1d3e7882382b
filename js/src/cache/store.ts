/** The blobs that a browser keeps between sessions, so that unchanged content is not fetched twice. */

import { deleteDB, openDB } from 'idb';
import type { BlobStore } from '../types.js';
import { gathering } from './gathering.js';
import { createStores, Damaged, Packs, type Schema } from './packs.js';

export interface StoreOptions {
  /** At most so many bytes are kept; default: 100 MB. */
  bytes?: number | undefined;
  /** The database's name. */
  name?: string;
  /** The time in milliseconds since 1970. */
  now?: () => number;
  /** For so many milliseconds an answer of the database is waited for. */
  patience?: number;
}

const DEFAULT_BYTES = 100_000_000;
const VERSION = 1;

/** After the database failed to answer, it is left alone for so long, in milliseconds. */
const REST = 60_000;

/** A store in IndexedDB; undefined where there is none. */
export function openStore(options: StoreOptions = {}): BlobStore | undefined {
  try {
    if (!globalThis.indexedDB || options.bytes === 0) return undefined;
  } catch {
    return undefined; // A sandboxed page may not even ask.
  }
  const store = new IndexedStore(options);
  // A database takes a while to open, and longer to be made: it may do so while somebody
  // signs in, or else the first listing waits for it.
  void store.get([]);
  return gathering(store);
}

/**
 * A browser may refuse its database, fill up, or never answer, and other tabs write
 * to it too. Whatever happens, this store then behaves as an empty one: nothing
 * throws, and nothing is waited for without end.
 */
class IndexedStore implements BlobStore {
  readonly #limit: number;
  readonly #name: string;
  readonly #now: () => number;
  readonly #patience: number;
  #packs: Promise<Packs> | undefined;
  #restsUntil = 0;

  constructor({ bytes = DEFAULT_BYTES, name, now = Date.now, patience = 5000 }: StoreOptions) {
    this.#limit = bytes;
    this.#name = name ?? 'mooring';
    this.#now = now;
    this.#patience = patience;
  }

  async get(ids: string[]): Promise<Record<string, Uint8Array>> {
    try {
      return await this.#try((packs) => packs.read(ids));
    } catch (error) {
      if (error instanceof Damaged) await this.clear();
      return {};
    }
  }

  async put(blobs: Record<string, Uint8Array>): Promise<void> {
    try {
      await this.#try((packs) => packs.write(blobs, this.#limit));
    } catch (error) {
      if (nameOf(error) === 'QuotaExceededError') await this.#makeRoom();
      else if (error instanceof Damaged) await this.clear();
    }
  }

  async names(prefix: string): Promise<string[]> {
    try {
      return await this.#try((packs) => packs.names(prefix));
    } catch (error) {
      if (error instanceof Damaged) await this.clear();
      return [];
    }
  }

  async clear(): Promise<void> {
    this.#restsUntil = 0; // Signing out is worth another try.
    try {
      await this.#try((packs) => packs.clear());
    } catch {
      await this.#delete().catch(() => undefined);
    }
  }

  /** The disk is fuller than the limit knows: half of what is there has to do. */
  async #makeRoom(): Promise<void> {
    await this.#try(async (packs) => packs.shrink((await packs.size()) / 2)).catch(() => undefined);
  }

  async #delete(): Promise<void> {
    await within(this.#patience, deleteDB(this.#name));
  }

  async #try<V>(work: (packs: Packs) => Promise<V>): Promise<V> {
    if (this.#now() < this.#restsUntil) throw new Unavailable();
    try {
      const packs = await within(this.#patience, this.#open());
      return await within(this.#patience, work(packs));
    } catch (error) {
      if (error instanceof Unavailable) this.#restsUntil = this.#now() + REST;
      throw error;
    }
  }

  #open(): Promise<Packs> {
    this.#packs ??= this.#connect().catch(() => {
      this.#packs = undefined;
      throw new Unavailable();
    });
    return this.#packs;
  }

  async #connect(): Promise<Packs> {
    const db = await openDB<Schema>(this.#name, VERSION, {
      upgrade: createStores,
      // Another tab wants a newer version, or to delete all: it must not wait for this one.
      blocking: (_current, _wanted, event) => {
        (event.target as IDBDatabase).close();
        this.#packs = undefined;
      },
      terminated: () => {
        this.#packs = undefined;
      },
    });
    return new Packs(db, this.#now);
  }
}

/** Nobody answers, or there is nothing to be had. */
class Unavailable extends Error {}

/** Rejects when the promise has not settled in time. What comes later is dropped. */
async function within<V>(ms: number, promise: Promise<V>): Promise<V> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unavailable()), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function nameOf(error: unknown): unknown {
  return error instanceof Error || error instanceof DOMException ? error.name : undefined;
}
