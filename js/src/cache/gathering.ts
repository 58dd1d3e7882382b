/**
 * A store that writes a little later, and much at once. A database lets nobody read while
 * it writes, and whoever has just got a listing asks for what comes next.
 */

import type { BlobStore } from '../types.js';

/** What is to be kept waits so long for more, in milliseconds. */
const GATHERING = 100;

export function gathering(store: BlobStore): BlobStore {
  return new Gathering(store);
}

class Gathering implements BlobStore {
  readonly #store: BlobStore;
  /** What the store has not got yet, and may be reading from here. */
  readonly #held = new Map<string, Uint8Array>();
  #fresh: Record<string, Uint8Array> = {};
  #written: Promise<void> | undefined;

  constructor(store: BlobStore) {
    this.#store = store;
  }

  async get(names: string[]): Promise<Record<string, Uint8Array>> {
    const found: Record<string, Uint8Array> = {};
    const others = names.filter((name) => {
      const data = this.#held.get(name);
      if (data) found[name] = data;
      return !data;
    });
    if (others.length === 0) return found;
    return Object.assign(found, await this.#store.get(others));
  }

  /** Resolves when it is written, or could not be. */
  put(blobs: Record<string, Uint8Array>): Promise<void> {
    Object.assign(this.#fresh, blobs);
    for (const [name, data] of Object.entries(blobs)) this.#held.set(name, data);
    this.#written ??= new Promise((resolve) => setTimeout(resolve, GATHERING)).then(() =>
      this.#write(),
    );
    return this.#written;
  }

  async names(prefix: string): Promise<string[]> {
    const held = [...this.#held.keys()].filter((name) => name.startsWith(prefix));
    const kept = (await this.#store.names?.(prefix)) ?? [];
    return [...kept.filter((name) => !held.includes(name)), ...held];
  }

  clear(): Promise<void> {
    this.#fresh = {};
    this.#held.clear();
    return this.#store.clear();
  }

  async #write(): Promise<void> {
    const blobs = this.#fresh;
    this.#fresh = {};
    this.#written = undefined;
    const names = Object.keys(blobs);
    if (names.length > 0) await this.#store.put(blobs);
    for (const name of names) if (!(name in this.#fresh)) this.#held.delete(name);
  }
}
