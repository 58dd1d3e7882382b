/**
 * The messages between the page and the Go program. They are plain data, so the
 * program may live in a Worker or in the page. `wasm/bridge` is the other end.
 */
import { slices } from './cache/packed.js';

export const PROTOCOL_VERSION = 2;

/** What the page sends. */
export type Request =
  | { op: 'call'; id: number; method: string; args: Record<string, unknown> }
  | { op: 'cancel'; id: number }
  | { op: 'dispose' };

/** What the program sends. `meta` is JSON; `id` is 0 in events. */
export interface Answer {
  op: 'result' | 'error' | 'report' | 'files' | 'progress' | 'token';
  id: number;
  meta: string;
  /** One text; or many in UTF-8, one after the other, and how many bytes each has, with commas between. */
  texts?: string | Uint8Array<ArrayBuffer> | null;
  sizes?: string | null;
  /** Bytes, or what the program itself has as a Blob. */
  blobs?: FileContent[] | null;
}

export type FileContent = Uint8Array<ArrayBuffer> | Blob;

/** What the page sends to a Worker before anything else. */
export interface StartMessage {
  op: 'start';
  wasm: string | ArrayBuffer;
  /** How much the store there may keep, if the page says so. */
  storeBytes?: number | undefined;
}

/** What a Worker sends beside answers. */
export type WorkerMessage =
  | Answer
  | { op: 'ready' }
  | { op: 'exit'; message: string }
  | { op: 'loading'; loaded: number; total: number }
  | { op: 'failed'; message: string };

/** The result of a call, unpacked. */
export interface Result {
  meta: unknown;
  texts: string[];
  blobs: FileContent[];
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const decode = (bytes: Uint8Array) => decoder.decode(bytes);

export function unpack(answer: Answer): Result {
  return {
    meta: answer.meta ? JSON.parse(answer.meta) : null,
    texts: textsOf(answer),
    blobs: answer.blobs ?? [],
  };
}

function textsOf({ texts, sizes }: Answer): string[] {
  if (typeof texts === 'string') return [texts];
  return texts ? slices(texts, sizes ?? '').map(decode) : [];
}
