/** A store as the Go program asks it: many blobs cross its border in one piece, each way. */

import type { BlobStore } from '../types.js';

/** Blobs one after the other in `data`; names and sizes as texts, since lists cross item by item. */
export interface PackedBlobs {
  /** With a NUL character between them. */
  names: string;
  /** In bytes, with commas between them. */
  sizes: string;
  data: Uint8Array;
}

export interface PackedStore {
  get(names: string): Promise<PackedBlobs>;
  put(names: string, sizes: string, data: Uint8Array): Promise<void>;
  names(prefix: string): Promise<string>;
  clear(): Promise<void>;
}

export function packedStore(store: BlobStore): PackedStore {
  return {
    get: async (names) => pack(await store.get(names.split('\0'))),
    put: (names, sizes, data) => store.put(unpackBlobs({ names, sizes, data })),
    names: async (prefix) => ((await store.names?.(prefix)) ?? []).join('\0'),
    clear: () => store.clear(),
  };
}

function pack(blobs: Record<string, Uint8Array>): PackedBlobs {
  const parts = Object.values(blobs);
  const data = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.byteLength;
  }
  return {
    names: Object.keys(blobs).join('\0'),
    sizes: parts.map((part) => part.byteLength).join(),
    data,
  };
}

/** Each blob gets bytes of its own: a part of a larger array would drag all of it into a database. */
function unpackBlobs({ names, sizes, data }: PackedBlobs): Record<string, Uint8Array> {
  const parts = slices(data, sizes).map((part) => part.slice());
  return Object.fromEntries(names.split('\0').map((name, i) => [name, parts[i] as Uint8Array]));
}

/** The parts of `data`, which has them one after the other. */
export function slices(data: Uint8Array, sizes: string): Uint8Array[] {
  let at = 0;
  return (sizes ? sizes.split(',') : []).map((size) => {
    const start = at;
    at += Number(size);
    return data.subarray(start, at);
  });
}
