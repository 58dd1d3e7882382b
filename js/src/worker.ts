/** The dedicated Worker that the Go program lives in by default. */

import { openStore } from './cache/store.js';
import { parcels } from './parcels.js';
import { type Program, startProgram } from './program.js';
import type { Answer, Request, StartMessage, WorkerMessage } from './protocol.js';

let program: Promise<Program> | undefined;

const page = parcels<WorkerMessage>(self as unknown as Worker);

function post(message: WorkerMessage, transfer: Transferable[] = []): void {
  page({ message, transfer });
}

function send(answer: Answer): void {
  // A Blob passes by reference as it is, a text is copied.
  const transfer = [...(answer.blobs ?? []), answer.texts].flatMap((part) =>
    part instanceof Uint8Array ? [part.buffer] : [],
  );
  post(answer, transfer);
}

function start({ wasm, storeBytes }: StartMessage): void {
  program = startProgram(wasm, {
    fetch: fetch.bind(self),
    store: openStore({ bytes: storeBytes }),
    send,
    progress: (loaded, total) => post({ op: 'loading', loaded, total }),
    exited: (message) => post({ op: 'exit', message }),
  });
  program.then(
    () => post({ op: 'ready' }),
    (error: Error) => post({ op: 'failed', message: error.message }),
  );
}

self.addEventListener('message', ({ data }: MessageEvent<(StartMessage | Request)[]>) => {
  const requests = data.filter((message) => {
    if (message.op === 'start') start(message);
    return message.op !== 'start';
  });
  // In one turn, so that the answers cross together too.
  void program?.then(
    (p) => requests.forEach(p.post),
    () => undefined,
  );
});
