/** The dedicated Worker that the Go program lives in by default. */

import { openStore } from './cache/store.js';
import { type Program, startProgram } from './program.js';
import type { Answer, Request, StartMessage, WorkerMessage } from './protocol.js';

let program: Promise<Program> | undefined;

function post(message: WorkerMessage, transfer: Transferable[] = []): void {
  (
    self as unknown as { postMessage(message: unknown, transfer: Transferable[]): void }
  ).postMessage(message, transfer);
}

function send(answer: Answer): void {
  const bytes = [...(answer.blobs ?? []), ...(answer.texts ? [answer.texts] : [])];
  post(
    answer,
    bytes.map(({ buffer }) => buffer),
  );
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

self.addEventListener('message', (event: MessageEvent<StartMessage | Request>) => {
  const message = event.data;
  if (message.op === 'start') start(message);
  else
    void program?.then(
      (p) => p.post(message),
      () => undefined,
    );
});
